from __future__ import annotations

from modelsync.core.signature import Parameter, Signature


def test_a_signature_is_closed_unless_said_otherwise() -> None:
    assert Signature("fit", (Parameter("train", required=True),), None).open is False
