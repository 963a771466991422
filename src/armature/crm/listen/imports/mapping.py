"""What the columns of a file mean: fields, the names that columns have elsewhere, a guess, and what must be there."""

import hashlib
import json
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from armature.arm.rule import FACTS

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

Mapped = Mapping[str, int]
"""For each field the number of its column, from 0."""


@dataclass(frozen=True, slots=True)
class Field:
    """What a column can mean. ``names`` are what it is called elsewhere, without accents, in small letters."""

    key: str
    label: "StrOrPromise"
    names: str
    needed: bool = False


SAID = (
    Field(
        "when", gettext_lazy("When it was said"),
        "when|date|time|datetime|timestamp|created at|created|sent at|sent|received|occurred at|"
        "published|datum|zeit|zeitpunkt|uhrzeit|erstellt|erstellt am|gesendet am|date envoi|cree le|"
        "fecha|hora|enviado el", needed=True,
    ),
    Field(
        "text", gettext_lazy("What was said"),
        "text|message|body|content|comment|description|words|post|tweet|nachricht|inhalt|"
        "nachrichtentext|kommentar|beschreibung|texte|contenu|mensaje|texto|contenido|comentario", needed=True,
    ),
    Field(
        "who", gettext_lazy("Who said it"),
        "who|author|from|sender|email|e mail|from email|customer|customer email|user|username|handle|"
        "phone|number|contact|requester|absender|von|verfasser|autor|kunde|telefon|rufnummer|expediteur|"
        "auteur|client|courriel|remitente|de|cliente|correo", needed=True,
    ),
    Field(
        "name", gettext_lazy("Their name"),
        "name|full name|author name|from name|customer name|sender name|display name|vollstandiger name|"
        "kundenname|absendername|nom|nom complet|nombre",
    ),
    Field(
        "direction", gettext_lazy("To us or from us (in, out)"),
        "direction|in out|type|message type|richtung|art|sens|direccion",
    ),
    Field(
        "to", gettext_lazy("To whom"),
        "to|recipient|recipients|to email|empfanger|destinataire|destinatario|para",
    ),
    Field(
        "subject", gettext_lazy("Subject"),
        "subject|title|topic|betreff|thema|titel|objet|sujet|asunto",
    ),
    Field(
        "conversation", gettext_lazy("Conversation or ticket"),
        "conversation|conversation id|ticket|ticket id|ticket number|thread|thread id|case|case id|"
        "vorgang|vorgangsnummer|ticketnummer|fall|conversation no|numero de ticket|conversacion",
    ),
    Field(
        "external_id", gettext_lazy("Its own number there"),
        "id|external id|message id|comment id|uid|guid|nummer|kennung|nachricht id|identifiant",
    ),
    Field(
        "public", gettext_lazy("Public (yes, no)"),
        "public|is public|visibility|offentlich|publico",
    ),
    Field(
        "language", gettext_lazy("Language (two letters)"),
        "language|lang|locale|sprache|langue|idioma",
    ),
    Field(
        "note", gettext_lazy("Note between colleagues (left out)"),
        "note|private|internal|is private|intern|interne",
    ),
)  # fmt: skip
PEOPLE = (
    Field(
        "name", gettext_lazy("Name"),
        "name|full name|customer|customer name|contact|vollstandiger name|kunde|kundenname|nom|"
        "nom complet|nombre",
    ),
    Field(
        "first_name", gettext_lazy("First name"),
        "first name|firstname|given name|vorname|prenom|nombre de pila",
    ),
    Field(
        "last_name", gettext_lazy("Last name"),
        "last name|lastname|surname|family name|nachname|familienname|nom de famille|apellido|apellidos",
    ),
    Field(
        "email", gettext_lazy("E-mail"),
        "email|e mail|mail|email address|e mail address|email 1|e mail 1|mailadresse|courriel|correo|"
        "correo electronico",
    ),
    Field(
        "email2", gettext_lazy("Another e-mail"),
        "email 2|e mail 2|second email|other email|zweite e mail",
    ),
    Field(
        "phone", gettext_lazy("Phone"),
        "phone|telephone|mobile|phone number|cell|tel|phone 1|telefon|telefonnummer|handy|mobil|"
        "mobilnummer|telephone portable|telefono|movil",
    ),
    Field(
        "phone2", gettext_lazy("Another phone"),
        "phone 2|other phone|second phone|zweite nummer|telefon 2",
    ),
    Field(
        "company", gettext_lazy("Company"),
        "company|organisation|organization|account|employer|firma|unternehmen|societe|entreprise|empresa",
    ),
    Field(
        "website", gettext_lazy("Website of the company"),
        "website|url|web|homepage|webseite|site web|sitio web",
    ),
    Field(
        "order_number", gettext_lazy("Order number"),
        "order|order number|order id|order no|invoice|invoice number|bestellung|bestellnummer|auftrag|"
        "auftragsnummer|rechnung|rechnungsnummer|commande|numero de commande|pedido",
    ),
    Field(
        "what", gettext_lazy("What was bought"),
        "product|item|items|article|what|sku|description|produkt|artikel|ware|produit|producto",
    ),
    Field(
        "bought_at", gettext_lazy("When it was bought"),
        "order date|date|purchased at|bought at|purchase date|ordered at|created at|bestelldatum|"
        "kaufdatum|datum|gekauft am|date de commande|fecha",
    ),
    Field(
        "amount", gettext_lazy("Amount"),
        "amount|total|price|sum|value|order total|betrag|summe|preis|gesamt|montant|prix|importe|precio|"
        "total price",
    ),
    Field(
        "currency", gettext_lazy("Currency (three letters)"),
        "currency|wahrung|devise|moneda",
    ),
    *(Field(f"fact:{key}", gettext_lazy(field.label), key.replace("_", " ")) for key, field in FACTS.items()
      if field.step == "known" and not key.startswith("complaints")),
)  # fmt: skip
REASON = "why_not_taken"
"""The column of a file to be mended that says why; it is not looked at when the file comes back."""
OF = {"said": SAID, "people": PEOPLE}


def fields(what: str) -> Sequence[Field]:
    """What columns of such a file can mean."""
    return OF[what]


def bare(head: str) -> str:
    """A head as it is compared: no accents, small letters, one space between words."""
    plain = unicodedata.normalize("NFKD", head).encode("ascii", "ignore").decode().casefold()
    return " ".join(re.sub(r"([a-z])([A-Z])", r"\1 \2", re.sub(r"[^a-z0-9]+", " ", plain)).split())


def guessed(what: str, heads: Sequence[str]) -> dict[str, int]:
    """What the heads say by their names: the exact name of a field first, each column once."""
    names = [bare(re.sub(r"([a-z])([A-Z])", r"\1 \2", head)) for head in heads]
    found: dict[str, int] = {}
    ways = [
        (rank, field.key, name)
        for field in OF[what]
        for rank, name in enumerate((bare(field.key), *field.names.split("|")))
    ]
    for _rank, key, name in sorted(ways, key=lambda way: way[0]):
        if key not in found and name in names and names.index(name) not in found.values():
            found[key] = names.index(name)
    return {field.key: found[field.key] for field in OF[what] if field.key in found}


def digest(heads: Sequence[str]) -> str:
    """The same for files with the same heads."""
    return hashlib.sha256(json.dumps([head for head in heads if head != REASON]).encode()).hexdigest()


def wrong(what: str, mapping: Mapped, heads: Sequence[str]) -> dict[str, str]:
    """What is wrong with a mapping, in words by field; empty when it can be used."""
    problems = {field.key: _("Choose the column that says this.") for field in OF[what]
                if field.needed and field.key not in mapping}  # fmt: skip
    for key, column in mapping.items():
        if not 0 <= column < len(heads):
            problems[key] = _("There is no such column.")
    if what == "people" and not {"email", "phone"} & mapping.keys():
        problems["email"] = _("Choose the column with the e-mail address or the phone number: people are known by it.")
    bought = {"order_number", "bought_at", "amount"} & mapping.keys()
    for key in {"order_number", "bought_at", "amount"} - bought if bought else ():
        if what == "people":
            problems[key] = _("A purchase has an order number, a date and an amount: choose this column too.")
    return problems
