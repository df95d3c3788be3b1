"""Begin a country: a folder that runs at once, passes the contract tests, and says by name what is still open.

What is written comes from the templates in `template/`. It speaks a placeholder form (the XML twin of the common form
in an element that names two countries), so the country can be tried with a gateway before its own form is written
down. What is open stands in its `todo.toml` (`adapters.kit.todo`). This is what `torugart adapter new CC` does.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from iso3166 import countries_by_alpha2

from gateway.errors import Misconfigured
from gateway.published import published

LANGUAGES = ("en", "ru", "zh")
_HERE = Path(__file__).resolve().parent
_TEMPLATES = _HERE / "template"
_CHECKOUT = _HERE.parents[1]
_NAME = re.compile(r'[^"\\\x00-\x1f\x7f]{1,70}')
_TEST, _PROJECT = "test_contract.py", "pyproject.toml"
"""Templates that do not go into the country's folder."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a new country goes.

    Attributes:
        package: Name by which Python finds it.
        folder: Its folder.
        test: Its test file.
        project: Its `pyproject.toml`, where it is a package of its own.
    """

    package: str
    folder: Path
    test: Path
    project: Path | None


def scaffold(
    country: str,
    *,
    name: str = "",
    language: str = "en",
    zone: str = "UTC",
    into: Path | None = None,
    checkout: Path = _CHECKOUT,
    say: Callable[[str], None],
) -> None:
    """Write the folder of a new country.

    Args:
        country: ISO 3166-1 alpha-2.
        name: The national window's name, in English; by default made from the country's.
        language: In which the window is told of faults: `en`, `ru` or `zh`.
        zone: Time zone of the window (tz database, `Asia/Dushanbe`).
        into: Folder for a package of its own; by default the country becomes a part of the checkout.
        checkout: The checkout that it becomes a part of.
        say: Told, line by line, what was written and what comes next.

    Raises:
        Misconfigured: An argument is not one that can be used, or the country has been begun there already.
    """
    code = country.upper()
    values = _values(code, name, language, zone)
    place = _place(code, into, checkout)
    for taken in (place.folder, place.test, place.project):
        if taken is not None and taken.exists():
            raise Misconfigured(f"{taken} is there already; nothing was written")
    for file, text in _files(place, values | {"package": place.package}):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
        say(str(file))
    for line in _next_steps(code, place, into):
        say(line)


def example(country: str, neighbour: str) -> bytes:
    """The example of a new country: a declaration from it to a neighbour, in the placeholder form.

    It is the shortest published example with the two countries put in place of the published ones.
    """
    values = {"country": country, "lower": country.lower(), "neighbour": neighbour}
    template = Template((_TEMPLATES / "examples" / "declaration.xml.txt").read_text("utf-8"))
    return template.substitute(values, message=_message(country, neighbour)).encode()


def _message(country: str, neighbour: str) -> str:
    text = published("declaration", "v1", "examples", "minimal.xml").read_text("utf-8").partition("?>\n")[2]
    text = re.sub(r" *<ResponsibleAgencyName>.*\n", "", text)
    text = text.replace(">kg-cn-road<", f">{country.lower()}-{neighbour.lower()}-road<")
    there = {"CN": country, "KG": neighbour}
    text = re.sub(r">(CN|KG)<", lambda found: f">{there[found[1]]}<", text)
    return "\n".join(f"  {line}" for line in text.rstrip().splitlines())


def _values(code: str, name: str, language: str, zone: str) -> dict[str, str]:
    """What the templates are filled with.

    Raises:
        Misconfigured: An argument is not one that can be used.
    """
    if code not in countries_by_alpha2:
        raise Misconfigured(f"{code} is no country of ISO 3166-1 alpha-2")
    name = name or f"Single window of {countries_by_alpha2[code].name}"
    if _NAME.fullmatch(name) is None:
        raise Misconfigured("The name has 1 to 70 characters, without quotation marks, backslashes or line breaks")
    if language not in LANGUAGES:
        raise Misconfigured(f"{language} is none of: {', '.join(LANGUAGES)}")
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Misconfigured(f"{zone} is no time zone of the tz database, such as Asia/Dushanbe") from None
    neighbour = "CN" if code == "KG" else "KG"
    return {
        "country": code,
        "lower": code.lower(),
        "name": name,
        "language": language,
        "zone": zone,
        "neighbour": neighbour,
        "message": _message(code, neighbour),
    }


def _place(code: str, into: Path | None, checkout: Path) -> Place:
    """Where the country goes.

    Raises:
        Misconfigured: There is no checkout that it could become a part of.
    """
    low = code.lower()
    if into is not None:
        package = f"torugart_{low}"
        return Place(package, into / package, into / "tests" / f"test_{low}_contract.py", into / _PROJECT)
    if not (checkout / "adapters" / "kit").is_dir() or not (checkout / "tests" / "adapters").is_dir():
        raise Misconfigured("This is an installed package and no checkout: give a folder with --into DIR")
    module = f"{low}_" if keyword.iskeyword(low) else low  # India, Iceland: `in` and `is` are words of Python
    test = checkout / "tests" / "adapters" / f"test_{low}_contract.py"
    return Place(f"adapters.{module}", checkout / "adapters" / module, test, None)


def _files(place: Place, values: Mapping[str, str]) -> Iterator[tuple[Path, str]]:
    elsewhere = {_TEST: place.test, _PROJECT: place.project}
    for template in sorted(_TEMPLATES.rglob("*.txt")):
        name = template.relative_to(_TEMPLATES).as_posix().removesuffix(".txt")
        file = elsewhere.get(name, place.folder / name)
        if file is not None:
            yield file, Template(template.read_text("utf-8")).substitute(values)


def _next_steps(code: str, place: Place, into: Path | None) -> Iterator[str]:
    yield ""
    if into is not None:
        yield f"Install it:      pip install --no-deps --no-build-isolation -e {into}"
    else:
        yield f'Add the line     {code} = "{place.package}:ADAPTER"'
        yield 'to pyproject.toml, below [project.entry-points."torugart.adapters"],'
        yield f"and {place.package} to both lists of countries in .importlinter; then run make."
    yield f"Test it:         python -m pytest {place.test}"
    yield f"What is open:    {place.folder / 'todo.toml'}"
