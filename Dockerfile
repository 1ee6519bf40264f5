FROM python:3.11-slim
WORKDIR /app
RUN pip install --no-cache-dir 'torch==2.13.*'
COPY pyproject.toml README.md LICENSE ./
COPY label_configs label_configs
COPY connectors connectors
COPY drafting drafting
COPY ml_backend ml_backend
COPY sync sync
RUN pip install --no-cache-dir '.[backend]' && useradd --create-home labeltune && mkdir /queue && chown labeltune /queue
USER labeltune
