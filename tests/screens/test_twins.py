"""The supervisor settles suspected twins: sees why, chooses each datum, joins, undoes, or says that they are two."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from atencion.app import Workstation
from atencion.data.customers import ContactKind, ContactRecord, CustomerRecord, add_customer
from atencion.data.engine import StoreKind
from atencion.desk import Desk
from atencion.resources import shipped_protocols
from tests.screens.driving import keys, settle
from tests.screens.test_customer_tools import shown

NOON = datetime(2026, 12, 28, 11, 0, tzinfo=UTC)


@pytest.fixture
def app(store: Path) -> Workstation:
    """A workstation of a supervisor, on a store where the first customer is twice."""

    def opening() -> Desk:
        return Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO, clock=lambda: NOON)

    desk = opening()
    phone = ContactRecord(ContactKind.PHONE, "749 037 199", "+34749037199")
    with desk.store.writing() as connection:
        twin = CustomerRecord(given_name="Paco", surnames="d'Aubry", contacts=(phone,))
        add_customer(connection, twin, at=NOON)
        mail = ContactRecord(ContactKind.EMAIL, "[b]paco[/b]@example.com", "paco@example.com")
        other = CustomerRecord(
            given_name="Francois", surnames="d'Aubry", accessibility="Despacio", contacts=(phone, mail)
        )
        add_customer(connection, other, at=NOON)
    desk.hunt_twins()
    agent = next(one.code for one in desk.agents() if one.role == "supervisor")
    desk.close()
    return Workstation(opening, agent)


def desk_of(app: Workstation) -> Desk:
    assert app.desk is not None
    return app.desk


async def test_a_pair_is_joined_with_the_data_chosen_and_parted_again(app: Workstation) -> None:
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f2")
        assert "mismo teléfono" in shown(app, "#pairs")
        assert "Queda 1" in shown(app, "#merge-sides")
        for said in ("persona", "03/01/1955", "castellano"):
            assert said in shown(app, "#merge-fields")
        await keys(pilot, "tab", "enter")
        assert "Nombre: Francois" in shown(app, "#merge-fields")
        await keys(pilot, "tab", "up")
        assert "Nombre: Francois" in shown(app, "#merge-fields"), "a choice lasts while its pair is shown"
        await keys(pilot, "ctrl+u")
        found = desk_of(app).customer(622)
        assert found is not None
        assert found.id == 1
        assert desk_of(app).twin_queue()[1] == 0
        await keys(pilot, "ctrl+z")
        again = desk_of(app).customer(622)
        assert again is not None
        assert again.id == 622
        assert "mismo teléfono" in shown(app, "#pairs"), "what was joined the wrong way round can be joined again"
        await keys(pilot, "ctrl+b", "ctrl+u")
        redone = desk_of(app).customer(1)
        assert redone is not None
        assert redone.id == 622


async def test_two_of_one_name_are_told_apart_by_what_each_has_and_the_most_telling_is_first(app: Workstation) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f2")
        told = shown(app, "#merge-sides").splitlines()
        assert told[0].split("  ")[-1].strip() == "Se une 622 · Francois d'Aubry"
        by_label = {line[:11].strip(): line[11:].split() for line in told}
        assert list(by_label) == ["", "Documento", "Teléfono", "Correo", "Dirección"]
        assert by_label["Teléfono"] == ["749", "037", "199", "=", "igual"]
        assert by_label["Documento"][-1] == "—", "only the first has one"
        assert by_label["Correo"][-1] == "[b]paco[/b]@example.com"
        assert "Pasa a 1: teléfonos y correos 1." in shown(app, "#merge-more")
        assert app.screen.query_one("#merge-more").region.bottom < 24, "nothing of it is out of sight"
        first, second, *_same = shown(app, "#merge-fields").splitlines()
        assert "Nombre: François" in first, "what there is to choose comes before what is the same"
        assert second == "  ← Accesibilidad: Despacio  del otro", "and so does what only the other has"
        await keys(pilot, "tab", "enter")
        taken = shown(app, "#merge-fields").splitlines()[0]
        assert taken == "› ← Nombre: Francois  del otro, en vez de François", "the pointer is another sign"
        await keys(pilot, "ctrl+b")
        assert "Queda 622" in shown(app, "#merge-sides")
        assert "Pasa a 622: " in shown(app, "#merge-more")


async def test_the_last_merge_can_be_undone_by_a_key_that_is_seen_while_other_pairs_wait(app: Workstation) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        with desk_of(app).store.writing() as connection:
            phone = ContactRecord(ContactKind.PHONE, "749 037 199", "+34749037199")
            third = CustomerRecord(given_name="François", surnames="d'Aubry", contacts=(phone,))
            add_customer(connection, third, at=NOON)
        await keys(pilot, "f2", "f5", "ctrl+u")
        assert desk_of(app).twin_queue()[1] > 0
        assert "Ctrl+Z Deshacer" in shown(app, "#keys")


async def test_two_people_are_not_told_again(app: Workstation) -> None:
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        await keys(pilot, "f2", "ctrl+d", "f5")
        assert desk_of(app).twin_queue()[1] == 0
        assert "No hay pares que parezcan repetidos." in shown(app, "#pairs")
        await keys(pilot, "escape")
        assert app.screen.query("#home")


async def test_an_agent_has_no_such_key(store: Path) -> None:
    def opening() -> Desk:
        return Desk.open(str(store), shipped_protocols(), kind=StoreKind.DEMO, clock=lambda: NOON)

    app = Workstation(opening, "A101")
    async with app.run_test(size=(120, 36)) as pilot:
        await settle(pilot)
        await keys(pilot, "f2")
        assert app.screen.query("#home")
