"""`labeltune.toml`: refused with file, key and nearest name; secrets stay out of sight."""

import tomllib
from pathlib import Path
from typing import Any

import pytest

from sync import settings as configuration
from sync.common.errors import ConfigError
from sync.settings import Config

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
    "siblings = {}": "unknown key 'siblings'; ",
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
    ("[label_studio]\ncategories = true", "label_studio.categories: ", True),
    ("[label_studio]\ncategories = [1]", "label_studio.categories.0: ", 1),
    ("[llm]\nsamples = 17", "llm.samples: input should be less than or equal to 16", 17),
    ("[llm]\nsamples = 2.5", "llm.samples: ", 2.5),
    ("[llm]\ntemperature = '0.7'", "llm.temperature: input should be a valid number", "0.7"),
    ("[llm]\ntemperature = true", "llm.temperature: ", True),
    ("[llm]\ntemperature = 2.1", "llm.temperature: ", 2.1),
    ("[llm]\ntemperature = nan", "llm.temperature: ", float("nan")),
    ("[llm]\nmax_tokens = 15", "llm.max_tokens: ", 15),
    ("[data]\ndir = []", "data.dir: ", []),
    ("llm = 3", "llm: input should be a table (found", 3),
    ("[targets]\nlength = 'x'", "targets.length: input should be a table (found", "x"),
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


# --- several projects

TWO = """
[label_studio]
url = "http://ls"
project = "Shared"
guidelines = "shared.md"
overlap = 2
categories = ["billing"]
[projects.support]
project = "Support answers"
[projects.legal-review]
project = "Legal review"
interface = "review"
profile = "legal"
guidelines = "legal.md"
overlap = 3
categories = []
"""


def test_a_project_overrides_what_it_names(file: Path) -> None:
    whole = load(file, TWO)
    support, legal = (whole.for_project(name) for name in whole.projects)
    shared = whole.label_studio
    assert support.label_studio == shared.model_copy(update={"project": "Support answers"})
    assert legal.label_studio.model_dump() == {
        "url": "http://ls",
        "project": "Legal review",
        "interface": "review",
        "profile": "legal",
        "guidelines": "legal.md",
        "overlap": 3,
        "categories": (),
    }
    assert (support.project_name, legal.project_name) == ("support", "legal-review")
    assert (support.folder, support.data) == (whole.folder, whole.data)


def test_a_project_can_do_without_categories(file: Path) -> None:
    config = load(file, "[label_studio]\ncategories = false")
    assert config.label_studio.categories is None
    assert config.load_interface().config.control("category") is None
    some = load(file, TWO.replace("categories = []", "categories = false"))
    assert some.for_project("legal-review").label_studio.categories is None
    assert some.for_project("support").label_studio.categories == ("billing",)
    back = load(file, TWO.replace('categories = ["billing"]', "categories = false"))
    assert back.for_project("support").label_studio.categories is None
    assert back.for_project("legal-review").label_studio.categories == ()


def test_a_project_s_configuration_says_nothing_of_the_others(file: Path) -> None:
    """So that another project changes nothing in its exports' names."""
    support = load(file, TWO).for_project("support")
    assert "legal" not in support.model_dump_json()
    assert support.for_project() is support
    alone = load(file, TWO.partition("[projects.legal")[0])
    assert alone.for_project().model_dump() == support.model_dump()


def test_a_project_knows_its_siblings_as_they_are(file: Path) -> None:
    whole = load(file, TWO)
    support = whole.for_project("support")
    assert support.siblings == {"legal-review": whole.for_project("legal-review").label_studio}
    assert whole.siblings == {}


def test_without_projects_everything_is_as_it_was(file: Path) -> None:
    whole = load(file, "[label_studio]\nproject = 'Support answers'")
    assert whole.for_project() is whole
    assert whole.project_name is None
    with pytest.raises(ConfigError, match=r"has no \[projects.support\]; leave --project out"):
        whole.for_project("support")


def test_one_of_several_must_be_named(file: Path) -> None:
    whole = load(file, TWO)
    with pytest.raises(ConfigError, match="projects support, legal-review; say which with --proj"):
        whole.for_project()
    with pytest.raises(ConfigError, match="did you mean 'support'"):
        whole.for_project("suport")
    with pytest.raises(ConfigError, match="known here: support, legal-review"):
        whole.for_project("zzz")


PROJECTS = {
    "[projects.a]\nprojekt = 'abc'": "unknown key 'projects.a.projekt'; did you mean 'project'?",
    "[projects.project]\nzzz = 1": "unknown key 'projects.project.zzz'; known here: project, inter",
    "[projects.a]\nurl = 'x'": "unknown key 'projects.a.url'; known here: project, interface, ",
    "[projects.a]\noverlap = 0": "projects.a.overlap: input should be greater than or equal to 1",
    "[projects.a]\nproject = 'ab'": "projects.a.project: string should have at least 3",
    "[projects]\na = 1": "projects.a: ",
    "[projects.a]\n[projects.b]": "projects.a and projects.b are both 'Support answers' in Label",
    "[projects.'a b']": "projects.'a b' names a folder; use at most 64 letters",
    "[projects.'..']": "projects.'..' names a folder",
    "[projects.a]\n[projects.A]\nproject='Two'": "projects.a and projects.A differ in case only",
    "project_name = 'a'": "unknown key 'project_name'; did you mean 'projects'?",
}


@pytest.mark.parametrize(("text", "said"), PROJECTS.items(), ids=PROJECTS)
def test_projects_that_can_t_be_told_apart_or_read(file: Path, text: str, said: str) -> None:
    assert refused(file, text).startswith(said)


# --- a data folder in an object store

STORES = {
    "dir = 'ftp://host/a'": "data.dir: ftp:// is no object store that is known here (s3://, ",
    "dir = 's3://key:secret@bucket/a'": "data.dir: a URL must hold no key; put it into the env",
    "dir = 's3:///a'": "data.dir: 's3:///a' names no bucket; write s3://bucket/folder",
    "storage_options = {aws_region = 1}": "data.storage_options.aws_region: ",
}


@pytest.mark.parametrize(("text", "said"), STORES.items(), ids=STORES)
def test_a_store_that_can_t_be_used(file: Path, text: str, said: str) -> None:
    sentence = refused(file, f"[data]\n{text}")
    assert sentence.startswith(said)
    assert "key:secret" not in sentence


@pytest.mark.parametrize(
    "key",
    [
        "AWS_SECRET_ACCESS_KEY",
        "aws_access_key_id",
        "session_token",
        "azure_storage_account_key",
        "sas_token",
        "client_secret",
        "bearer_token",
        "google_service_account_key",
        "aws_sse_customer_key_base64",
    ],
)
def test_a_store_s_secret_in_the_file_is_refused_without_showing_it(file: Path, key: str) -> None:
    said = refused(file, f"[data.storage_options]\n{key} = '{SECRET}'")
    assert said.startswith(f"data.storage_options: {key} is a secret; put it into the environment")
    assert SECRET not in said


def test_a_store_and_what_it_needs_to_know(file: Path) -> None:
    loaded = load(
        file,
        """
        [data]
        dir = "s3://bucket/team/"
        [data.storage_options]
        endpoint_url = "http://minio:9000"
        region = "eu-central-1"
        aws_web_identity_token_file = "/run/token"
        aws_sse_kms_key_id = "alias"
        """,
    )
    assert loaded.data.dir == "s3://bucket/team"
    with pytest.raises(ConfigError, match="which is no folder of this machine"):
        _ = loaded.data_dir
