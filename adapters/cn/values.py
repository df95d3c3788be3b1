"""Values as China's forms write them: the way, masses, volumes, counts, amounts and times."""

from __future__ import annotations

from datetime import datetime

from lxml import etree

from adapters.cn.codes import KILOGRAM, TONNE
from adapters.cn.document import digits, element, kilograms
from gateway.message.parts import Amount, Itinerary, Measure, Quantity

Made = etree._Element | None  # noqa: SLF001 - the class has no public name


def written_way(form: str, steps: tuple[Itinerary, ...]) -> list[Made]:
    """The countries on the way, in their order."""
    return [
        element(form, "Itinerary", element(form, "RoutingCountryCode", step.routing_country_code)) for step in steps
    ]


def written_goods_measure(form: str, measure: Measure | None) -> Made:
    """The gross mass, inside the element that the forms put it into."""
    return element(form, "GoodsMeasure", written_mass(form, "GrossMassMeasure", measure))


def written_mass(form: str, name: str, measure: Measure | None) -> Made:
    """A mass in the unit of the forms, kilograms; a unit that cannot be converted exactly is written as it is."""
    if measure is None:
        return None
    text, unit = format(measure.value, "f"), measure.unit_code
    if unit == TONNE:
        text, unit = kilograms(text), KILOGRAM
    return element(form, name, text, unitCode=unit)


def written_volume(form: str, measure: Measure | None) -> Made:
    """A volume with the unit it came with."""
    if measure is None:
        return None
    return element(form, "GrossVolumeMeasure", format(measure.value, "f"), unitCode=measure.unit_code)


def written_quantity(form: str, name: str, quantity: Quantity | None) -> Made:
    """A number of packages with their kind."""
    return element(form, name, format(quantity.value, "f"), unitCode=quantity.unit_code) if quantity else None


def written_amount(form: str, amount: Amount | None) -> Made:
    """An amount of money with its currency."""
    return element(form, "ValueAmount", format(amount.value, "f"), currencyID=amount.currency_id) if amount else None


def written_time(at: datetime | None) -> str | None:
    """A moment in Beijing time, or nothing."""
    return digits(at) if at is not None else None
