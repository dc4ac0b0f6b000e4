from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from modelsync.core.errors import UsageError
from modelsync.usercode import fingerprint
from modelsync.usercode.fingerprint import Fingerprint

Write = Callable[[str, str], Path]

BASE = '''
"""A module."""
import math
import numpy as np
from sklearn.metrics import f1_score, roc_auc_score

RATE = 0.1
OTHER = 3

def fit(train, depth: int = 3):
    """Fit."""
    return _scale(train) * RATE + np.mean(train)

def _scale(x):
    return math.sqrt(x)

def evaluate(model):
    return f1_score(model, OTHER)
'''


def of(project: Path, text: str, name: str = "fit") -> Fingerprint:
    (project / "flows").mkdir(exist_ok=True)
    (project / "flows" / "a.py").write_text(text)
    return fingerprint.of(project, Path("flows/a.py"), name)


def changed(project: Path, before: str, after: str, name: str = "fit") -> set[str]:
    """The parts that differ between two texts of the file; the digest must agree with them."""
    one, two = of(project, before, name), of(project, after, name)
    differing = {key for key in one.parts | two.parts if one.parts.get(key) != two.parts.get(key)}
    assert (one.digest != two.digest) == bool(differing)
    return differing


def test_the_parts_are_what_the_function_uses(project: Path) -> None:
    names = {"fit", "_scale", "RATE", "math", "np"}
    assert of(project, BASE).parts.keys() == {f"flows/a.py:{name}" for name in names}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("import math", "# a comment\nimport math"),
        ('"""Fit."""', '"""Fit it well."""'),
        ('    """Fit."""\n', ""),
        ('"""A module."""', ""),
        ("return math.sqrt(x)", "return (\n        math.sqrt( x )\n    )"),
        ("OTHER = 3", "OTHER = 4"),
        ("return f1_score(model, OTHER)", "return 0"),
        ("import f1_score, roc_auc_score", "import f1_score"),
        ("RATE = 0.1\nOTHER = 3", "OTHER = 3\nRATE = 0.1"),
        ("def evaluate", "class New: ...\n\ndef evaluate"),
        ("def evaluate", "if __name__ == '__main__':\n    print(fit(1))\n\ndef evaluate"),
        ("def evaluate", "import logging\nLOG = logging.getLogger(__name__)\n\ndef evaluate"),
        ("def evaluate(model)", "@lru_cache\ndef evaluate(model)"),
    ],
)
def test_what_does_not_matter(project: Path, old: str, new: str) -> None:
    assert old in BASE
    assert changed(project, BASE, BASE.replace(old, new)) == set()


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("return _scale(train) * RATE", "return _scale(train) / RATE", "fit"),
        ("depth: int = 3", "depth: int = 4", "fit"),
        ("depth: int = 3", "depth: Path = 3", "fit"),
        ("return math.sqrt(x)", "return math.exp(x)", "_scale"),
        ("RATE = 0.1", "RATE = 0.2", "RATE"),
        ("RATE = 0.1", "RATE = None", "RATE"),
        ("RATE = 0.1", "RATE = 0.1\nRATE += 1", "RATE"),
        ("import math", "import cmath as math", "math"),
        ("import numpy as np", "import jax.numpy as np", "np"),
        ("OTHER = 3", "print('side effect')\nOTHER = 3", "on import"),
        ("OTHER = 3", "np.random.seed(1)\nOTHER = 3", "on import"),
        ("OTHER = 3", "np.options.mode = 1\nOTHER = 3", "on import"),
        ("OTHER = 3", "OTHER = np.seterr(all='raise')", "on import"),
        ("def evaluate(model)", "@np.register_it\ndef evaluate(model)", "on import"),
        ("OTHER = 3", "for each in [1]:\n    print(each)\nOTHER = 3", "on import"),
        ("OTHER = 3", "raise RuntimeError\nOTHER = 3", "on import"),
        ("OTHER = 3", "from os.path import *\nOTHER = 3", "on import"),
    ],
)
def test_what_matters_and_is_named(project: Path, old: str, new: str, part: str) -> None:
    assert old in BASE
    assert f"flows/a.py:{part}" in changed(project, BASE, BASE.replace(old, new))


def test_names_that_a_side_effect_uses_count(project: Path) -> None:
    text = BASE + "\n_set_up(OTHER)\ndef _set_up(x): np.random.seed(x)\n"
    assert changed(project, text, text.replace("OTHER = 3", "OTHER = 4")) == {"flows/a.py:OTHER"}


def test_a_local_name_that_shadows_another_function_is_not_a_use_of_it(project: Path) -> None:
    text = (
        "def fit(evaluate):\n"
        "    scale = evaluate\n"
        "    return [f for f in scale]\n"
        "def evaluate(): return 1\n"
        "def f(): ...\n"
    )
    assert changed(project, text, text.replace("return 1", "return 2")) == set()


def test_a_closure_and_a_lambda_use_what_they_name(project: Path) -> None:
    text = "A = 1\nB = 1\ndef fit():\n    def inner(): return A\n    return inner, lambda: B\n"
    assert changed(project, text, text.replace("A = 1", "A = 2")) == {"flows/a.py:A"}
    assert changed(project, text, text.replace("B = 1", "B = 2")) == {"flows/a.py:B"}


def test_classes_count_with_their_methods_and_bases(project: Path) -> None:
    text = (
        "class Base:\n"
        "    x = 1\n"
        "class Model(Base):\n"
        "    def go(self): return helper()\n"
        "def helper(): return 1\n"
        "def fit(): return Model()\n"
    )
    assert changed(project, text, text.replace("x = 1", "x = 2")) == {"flows/a.py:Base"}
    assert changed(project, text, text.replace("return 1", "return 2")) == {"flows/a.py:helper"}


def test_a_class_that_its_base_may_collect_counts(project: Path) -> None:
    text = (
        "class Base:\n"
        "    def __init_subclass__(cls): ALL.append(cls)\n"
        "ALL = []\n"
        "class One(Base):\n"
        "    x = 1\n"
        "def fit(): return ALL\n"
    )
    assert changed(project, text, text.replace("x = 1", "x = 2"))


def test_names_bound_inside_compound_statements(project: Path) -> None:
    text = (
        "try:\n"
        "    import fast as lib\n"
        "except ImportError:\n"
        "    lib = None\n"
        "with open('x') as handle:\n"
        "    N = 1\n"
        "def fit(): return lib, N\n"
    )
    assert changed(project, text, text.replace("lib = None", "lib = 0"))
    assert changed(project, text, text.replace("N = 1", "N = 2"))


@pytest.mark.parametrize("use", ["globals()['g']()", "eval('g()')", "vars()", "sys.modules[__name__].g()"])
def test_reflection_makes_the_whole_file_count(project: Path, use: str) -> None:
    text = f"import sys\ndef fit(): return {use}\ndef g(): return 1\n"
    assert "flows/a.py" in changed(project, text, text.replace("return 1", "return 2"))


def test_a_module_with_getattr_counts_whole(project: Path) -> None:
    text = "def __getattr__(name): return g\ndef g(): return 1\ndef fit(): return 0\n"
    assert changed(project, text, text.replace("return 1", "return 2")) == {"flows/a.py"}


def test_a_method_named_eval_is_no_reflection(project: Path) -> None:
    assert "flows/a.py" not in of(project, "def fit(t): return t.eval('a + b')\n").parts


SHARED = "def f(): return g()\ndef g(): return 1\ndef unrelated(): return 1\n"


@pytest.mark.parametrize(
    ("text", "precise"),
    [
        ("from .shared import f\ndef fit(): return f()\n", True),
        ("from .shared import f as h\ndef fit(): return h()\n", True),
        ("from . import shared\ndef fit(): return shared.f()\n", True),
        ("from . import shared as s\ndef fit(): return s.f()\n", True),
        ("from ..flows.shared import f\ndef fit(): return f()\n", True),
        ("def fit():\n    from .shared import f\n    return f()\n", True),
        ("try:\n    from .shared import f\nexcept ImportError:\n    f = None\ndef fit(): return f()\n", True),
        ("def fit():\n    from . import shared\n    return shared.f()\n", False),
        ("from . import shared\ndef fit(): return getattr(shared, 'f')()\n", False),
        ("from .shared import *\ndef fit(): return f()\n", False),
        ("from .. import flows\ndef fit(): return flows.shared.f()\n", False),
        ("import importlib\ndef fit(): return importlib.import_module('.shared', __package__).f()\n", False),
        ("def fit():\n    from importlib import import_module as m\n    return m('.shared').f()\n", False),
    ],
)
def test_imports_of_the_projects_own_files_are_followed(write: Write, project: Path, text: str, precise: bool) -> None:
    write("flows/shared.py", SHARED)
    before = of(project, text)
    write("flows/shared.py", SHARED.replace("def g(): return 1", "def g(): return 2"))
    assert of(project, text).digest != before.digest
    write("flows/shared.py", SHARED.replace("unrelated(): return 1", "unrelated(): return 2"))
    assert (of(project, text).digest == before.digest) == precise


def test_a_name_passed_on_by_another_file(write: Write, project: Path) -> None:
    write("flows/deep/core.py", "def f(): return 1\n")
    write("flows/shared.py", "from .deep.core import f\n")
    text = "from .shared import f\ndef fit(): return f()\n"
    before = of(project, text)
    assert "flows/deep/core.py:f" in before.parts
    write("flows/deep/core.py", "def f(): return 2\n")
    assert of(project, text).digest != before.digest


def test_what_an_imported_file_does_on_import_counts_even_when_unused(write: Write, project: Path) -> None:
    text = "from .setup import nothing\ndef fit(): return 1\n"
    write("flows/setup.py", "import numpy\nnumpy.random.seed(1)\nnothing = 0\n")
    before = of(project, text)
    write("flows/setup.py", "import numpy\nnumpy.random.seed(2)\nnothing = 0\n")
    assert of(project, text).digest != before.digest


def test_the_init_of_a_package_counts(write: Write, project: Path) -> None:
    text = "from . import RATE\nfrom .lib import f\ndef fit(): return f() * RATE\n"
    write("flows/__init__.py", "RATE = 1\nUNUSED = 1\n")
    write("flows/lib/__init__.py", "print('loaded')\nfrom .inner import f\n")
    write("flows/lib/inner.py", "def f(): return 1\n")
    before = of(project, text)
    for name, old, new, counts in [
        ("flows/__init__.py", "RATE = 1", "RATE = 2", True),
        ("flows/__init__.py", "UNUSED = 1", "UNUSED = 2", False),
        ("flows/lib/__init__.py", "loaded", "again", True),
        ("flows/lib/inner.py", "return 1", "return 2", True),
    ]:
        file = project / name
        kept = file.read_text()
        file.write_text(kept.replace(old, new))
        assert (of(project, text).digest != before.digest) == counts, (name, new)
        file.write_text(kept)


def test_files_that_import_each_other_end(write: Write, project: Path) -> None:
    write("flows/b.py", "from .a import fit\ndef g(): return fit\n")
    parts = of(project, "from .b import g\ndef fit(): return g()\n").parts
    assert {"flows/a.py:fit", "flows/b.py:g"} <= parts.keys()


def test_a_broken_file_counts_by_its_bytes(write: Write, project: Path) -> None:
    text = "from .b import g\ndef fit(): return g()\n"
    write("flows/b.py", "def g(:\n")
    before = of(project, text)
    write("flows/b.py", "def g(::\n")
    assert of(project, text).digest != before.digest


def test_imports_that_lead_nowhere_or_out_of_the_project(project: Path) -> None:
    text = "from .missing import a\nfrom ....outside import b\ndef fit(): return a, b\n"
    assert of(project, text).parts.keys() == {f"flows/a.py:{name}" for name in ("fit", "a", "b")}


def test_an_attribute_that_is_not_there_is_nothing(write: Write, project: Path) -> None:
    write("flows/shared.py", SHARED)
    parts = of(project, "from . import shared\ndef fit(): return shared.missing\n").parts
    assert parts.keys() == {"flows/a.py:fit", "flows/a.py:shared"}


def test_a_file_in_the_root(project: Path) -> None:
    (project / "a.py").write_text("def fit(): ...\n")
    assert fingerprint.of(project, project / "a.py", "fit").parts.keys() == {"a.py:fit"}


def test_the_digest_does_not_depend_on_where_the_project_lies(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
    assert of(tmp_path / "one", BASE) == of(tmp_path / "two", BASE)


@pytest.mark.parametrize(
    ("file", "name", "said"),
    [("flows/none.py", "fit", "there is no file"), ("flows/a.py", "none", "has no function `none`")],
)
def test_what_does_not_exist(project: Path, file: str, name: str, said: str) -> None:
    of(project, BASE)
    with pytest.raises(UsageError, match=said):
        fingerprint.of(project, Path(file), name)


def test_that_of_a_built_in_step_is_that_of_its_source() -> None:
    assert "builtins.py:split" in fingerprint.of_builtin("split").parts
    assert fingerprint.of_builtin("split").digest == fingerprint.of_builtin("split").digest
