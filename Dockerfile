# The backend and its worker: docker-compose.yml runs both from this image. It holds what they import,
# in the versions of the lock; the `labeltune` command, whose room is sync/, is not there.
FROM python:3.11-slim
WORKDIR /app

# what changes least comes first, so that its layers are kept.
# PyTorch without CUDA, which the backend has no use for; empty: your index's own build
ARG TORCH_INDEX=https://download.pytorch.org/whl/cpu
COPY locks/torch.txt locks/
RUN pip install --no-cache-dir ${TORCH_INDEX:+--extra-index-url "$TORCH_INDEX"} -r locks/torch.txt

COPY locks/backend.txt locks/
RUN pip install --no-cache-dir --no-deps --require-hashes -r locks/backend.txt && pip check

RUN useradd --create-home labeltune && mkdir /queue && chown labeltune /queue

COPY pyproject.toml README.md LICENSE ./
COPY label_configs label_configs
COPY connectors connectors
COPY drafting drafting
COPY ml_backend ml_backend
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER labeltune
