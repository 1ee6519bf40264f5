"""`labeltune.toml`: refused with file, key and nearest name; secrets stay out of sight."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sync import config as configuration
from sync.config import Config
from sync.errors import ConfigError

SECRET = "0123456789abcdef0123456789abcdef01234567"


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The machine's own settings must not reach these tests."""
    for name in ("LABEL_STUDIO_URL", "LABEL_STUDIO_API_KEY", "OPENAI_BASE_URL", "OPENAI_API_KEY"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "labeltune.toml"


def load(file: Path, text: str) -> Config:
    file.write_text(text, encoding="utf-8")
    return configuration.load(file)


def refused(file: Path, text: str) -> str:
    """The sentence after the file's name."""
    with pytest.raises(ConfigError) as caught:
        load(file, text)
    said = str(caught.value)
    assert said.startswith(f"{file}: ")
    return said.removeprefix(f"{file}: ")


def test_an_empty_file_is_all_defaults(file: Path) -> None:
    assert load(file, "").model_dump() == Config().model_dump()


def test_the_template_is_valid_and_says_what_is_the_default(file: Path) -> None:
    """What `labeltune init` writes."""
    template = Path(configuration.__file__).parents[1] / "templates" / "labeltune.toml"
    text = template.read_text(encoding="utf-8")
    loaded = load(file, text).model_dump()
    for section, values in tomllib.loads(text).items():
        for key, value in values.items():
            assert (tuple(value) if isinstance(value, list) else value) == loaded[section][key]


def test_every_key_of_the_design(file: Path) -> None:
    loaded = load(
        file,
        """
        [label_studio]
        url = "http://ls:8080"
        project = "Support answers"
        interface = "chat_response"
        profile = "customer_support"
        guidelines = "guidelines.md"
        overlap = 2
        categories = ["billing", "other"]
        [backend]
        url = "http://backend:9090"
        [llm]
        base_url = "http://llm/v1"
        model = "m"
        samples = 4
        temperature = 1
        max_tokens = 100
        examples = 2
        [embedding]
        model = "e"
        [data]
        dir = "data"
        """,
    )
    assert loaded.label_studio.overlap == 2
    assert loaded.label_studio.categories == ("billing", "other")
    assert loaded.llm.temperature == 1.0
    assert loaded.data_dir == file.parent / "data"


UNKNOWN = {
    "[label_studio]\nprojekt = 'a'": "unknown key 'label_studio.projekt'; did you mean 'project'?",
    "[llm]\nsample = 3": "unknown key 'llm.sample'; did you mean 'samples'?",
    "[label_studoi]\nurl = 'a'": "unknown key 'label_studoi'; did you mean 'label_studio'?",
    "[data]\nzzz = 1": "unknown key 'data.zzz'; known here: dir",
    "api_key = 'a'": "unknown key 'api_key'; known here: label_studio, backend, llm, ",
    "folder = 'a'": "unknown key 'folder'; ",
    "[env]\nA = 'a'": "unknown key 'env'; ",
}


@pytest.mark.parametrize(("text", "said"), UNKNOWN.items(), ids=UNKNOWN)
def test_unknown_keys_name_the_nearest(file: Path, text: str, said: str) -> None:
    assert refused(file, text).startswith(said)


WRONG: list[tuple[str, str, Any]] = [
    ("[llm]\nexamples = 11", "llm.examples: input should be less than or equal to 10", 11),
    ("[label_studio]\nurl = 5", "label_studio.url: input should be a valid string", 5),
    ("[label_studio]\nproject = 'ab'", "label_studio.project: string should have at least 3", "ab"),
    ("[label_studio]\noverlap = '2'", "label_studio.overlap: input should be a valid integer", "2"),
    ("[label_studio]\noverlap = 0", "label_studio.overlap: ", 0),
    ("[label_studio]\noverlap = true", "label_studio.overlap: ", True),
    ("[label_studio]\ncategories = 'a'", "label_studio.categories: ", "a"),
    ("[label_studio]\ncategories = [1]", "label_studio.categories.0: ", 1),
    ("[llm]\nsamples = 17", "llm.samples: input should be less than or equal to 16", 17),
    ("[llm]\nsamples = 2.5", "llm.samples: ", 2.5),
    ("[llm]\ntemperature = '0.7'", "llm.temperature: input should be a valid number", "0.7"),
    ("[llm]\ntemperature = true", "llm.temperature: ", True),
    ("[llm]\ntemperature = 2.1", "llm.temperature: ", 2.1),
    ("[llm]\ntemperature = nan", "llm.temperature: ", float("nan")),
    ("[llm]\nmax_tokens = 15", "llm.max_tokens: ", 15),
    ("[data]\ndir = []", "data.dir: ", []),
    ("llm = 3", "llm: ", 3),
    ("label_studio = 'http://ls'", "label_studio: ", "http://ls"),
]


@pytest.mark.parametrize(("text", "said", "found"), WRONG, ids=[text for text, *_ in WRONG])
def test_wrong_values_name_the_key_and_what_came(
    file: Path, text: str, said: str, found: Any
) -> None:
    sentence = refused(file, text)
    assert sentence.startswith(said)
    assert sentence.endswith(f"(found {found!r})")


@pytest.mark.parametrize("url", ["LABEL_STUDIO_URL", "OPENAI_BASE_URL"])
def test_a_section_of_another_type_with_an_override(
    file: Path, monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv(url, "http://elsewhere")
    assert refused(file, "label_studio = 1\nllm = 1").startswith("label_studio: ")


def test_not_toml(file: Path) -> None:
    assert refused(file, "[llm]\nmodel =").startswith("not valid TOML: ")
    file.write_bytes(b"project = '\xff'")
    with pytest.raises(ConfigError, match="not valid TOML: 'utf-8' codec can't decode"):
        configuration.load(file)


def test_no_file(tmp_path: Path) -> None:
    missing = tmp_path / "labeltune.toml"
    with pytest.raises(ConfigError, match=f"^{missing}: no such file; run `labeltune init`"):
        configuration.load(missing)


def test_a_folder_in_its_place(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"^{tmp_path}: can't be read \(Is a directory\)$"):
        configuration.load(tmp_path)


# --- the environment


def test_the_process_comes_before_env_and_env_before_the_file(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "[label_studio]\nurl = 'http://file'\n[llm]\nbase_url = 'http://file/v1'"
    dotenv = file.parent / ".env"

    def urls() -> tuple[str, str, str | None]:
        loaded = load(file, text)
        return loaded.label_studio.url, loaded.llm.base_url, loaded.api_key

    assert urls() == ("http://file", "http://file/v1", None)
    dotenv.write_text("LABEL_STUDIO_URL=http://env\nLABEL_STUDIO_API_KEY=from-env\n")
    assert urls() == ("http://env", "http://file/v1", "from-env")
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://process")
    monkeypatch.setenv("OPENAI_BASE_URL", "http://process/v1")
    assert urls() == ("http://process", "http://process/v1", "from-env")
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "from-process")
    assert urls() == ("http://process", "http://process/v1", "from-process")


def test_overrides_need_no_section_in_the_file(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "http://process")
    assert load(file, "").label_studio.url == "http://process"


def test_an_empty_variable_overrides_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_URL", "")
    assert load(file, "").label_studio.url == Config().label_studio.url


def test_env_is_read_beside_the_file_only(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / ".env").write_text("LABEL_STUDIO_API_KEY=another-project")
    monkeypatch.chdir(elsewhere)
    assert load(file, "").api_key is None


def test_secrets_are_not_shown(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (file.parent / ".env").write_text(
        f"LABEL_STUDIO_API_KEY={SECRET}\nLABEL_STUDIO_PASSWORD=pw-{SECRET}"
    )
    monkeypatch.setenv("OPENAI_API_KEY", f"sk-{SECRET}")
    loaded = load(file, "")
    assert loaded.api_key == SECRET
    assert loaded.env["OPENAI_API_KEY"] == f"sk-{SECRET}"
    for shown in (repr(loaded), str(loaded), loaded.model_dump_json(), str(loaded.model_dump())):
        assert SECRET not in shown


def test_a_key_written_into_the_file_is_refused_without_showing_it(file: Path) -> None:
    assert SECRET not in refused(file, f"[label_studio]\napi_key = '{SECRET}'")
    assert SECRET not in refused(file, f"api_key = '{SECRET}'")


# --- guidelines


def test_guidelines(file: Path) -> None:
    (file.parent / "rules.md").write_text("# Rules\n\nBe kind. ü\n", encoding="utf-8")
    loaded = load(file, "[label_studio]\nguidelines = 'rules.md'")
    assert loaded.guidelines_text() == "# Rules\n\nBe kind. ü"
    assert load(file, "").guidelines_text() == ""


def test_a_profile_comes_before_the_guidelines(file: Path) -> None:
    (file.parent / "rules.md").write_text("Be kind.\n", encoding="utf-8")
    section = "[label_studio]\nprofile = 'legal'\n"
    text = load(file, section + "guidelines = 'rules.md'").guidelines_text()
    assert text.startswith("# Legal\n\n- ")
    assert text.endswith("\n\n---\n\nBe kind.")
    assert load(file, section).guidelines_text() == text.removesuffix("\n\n---\n\nBe kind.")


def test_a_profile_of_one_s_own_lies_beside_the_file(file: Path) -> None:
    own = "title: Trams\nsummary: s\nrules: |\n  - Mind the gap.\n"
    (file.parent / "trams.yaml").write_text(own, encoding="utf-8")
    loaded = load(file, "[label_studio]\nprofile = 'trams.yaml'")
    assert loaded.guidelines_text() == "# Trams\n\n- Mind the gap."


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_guidelines_that_can_t_be_read(file: Path, content: bytes | None) -> None:
    path = file.parent / "rules.md"
    if content is not None:
        path.write_bytes(content)
    loaded = load(file, "[label_studio]\nguidelines = 'rules.md'")
    with pytest.raises(
        ConfigError, match=f"^{path}: the guidelines can't be read .*labeltune.toml"
    ):
        loaded.guidelines_text()
