"""S3 settings are found where Amazon's own tools look."""

from __future__ import annotations

from pathlib import Path

import pytest

from modelsync.data.sources.profiles import settings


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / ".aws").mkdir()
    (tmp_path / ".aws/credentials").write_text(
        "[default]\naws_access_key_id = one\naws_secret_access_key = 50%\n[team]\naws_access_key_id = two\n"
        "aws_secret_access_key = second\naws_session_token = third\n"
    )
    (tmp_path / ".aws/config").write_text(
        "[default]\nregion = eu-west-1\n[profile team]\nregion = eu-north-1\nendpoint_url = http://inner:9000\n"
    )
    return tmp_path


def test_the_default_profile(home: Path) -> None:
    assert settings({"HOME": str(home)}) == {
        "aws_access_key_id": "one",
        "aws_secret_access_key": "50%",
        "region": "eu-west-1",
    }


def test_a_named_profile(home: Path) -> None:
    assert settings({"HOME": str(home), "AWS_PROFILE": "team"}) == {
        "aws_access_key_id": "two",
        "aws_secret_access_key": "second",
        "aws_session_token": "third",
        "region": "eu-north-1",
        "endpoint": "http://inner:9000",
    }


def test_variables_win_and_halves_are_never_mixed(home: Path) -> None:
    assert settings(
        {
            "HOME": str(home),
            "AWS_ACCESS_KEY_ID": "own",
            "AWS_DEFAULT_REGION": "us-east-2",
            "AWS_ENDPOINT_URL": "https://all",
            "AWS_ENDPOINT_URL_S3": "https://s3",
        }
    ) == {"region": "us-east-2", "endpoint": "https://s3"}


@pytest.mark.parametrize("content", [b"", b"no section", b"\xff\xfe", b"[default\nx"])
def test_files_that_say_nothing(tmp_path: Path, content: bytes) -> None:
    assert settings({"HOME": str(tmp_path)}) == {}
    (tmp_path / "c").write_bytes(content)
    variables = {"HOME": str(tmp_path), "AWS_SHARED_CREDENTIALS_FILE": str(tmp_path / "c")}
    assert settings(variables | {"AWS_CONFIG_FILE": str(tmp_path / "c")}) == {}
