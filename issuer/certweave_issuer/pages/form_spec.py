"""The fields of a form, in the reader's language: from a scheme's catalogue, or our own where it has none.

A field's place in the form is the JSON Pointer (RFC 6901) of the member that it fills, so that an error of
the service finds its field by itself.
"""

from dataclasses import dataclass, replace
from typing import Final

from certweave.credential.catalogue import Catalogue, FormField
from certweave.credential.extension_rules import KILOGRAMS
from certweave_edge.i18n import Translator, mark
from certweave_issuer.service.kinds import ANCHOR, Kind

GROUPS: Final = frozenset({"group", "party", "facility", "product"})
UNIT_WORDS: Final = {"KGM": "kg", "TNE": "t", "GRM": "g", "LBR": "lb"}
TYPES: Final = {"party": ["Party"], "facility": ["Facility"]}
"""Members that are not typed in: what a group is, for UNTP."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    """One field: the kinds are those of the catalogue, and ``flag``, ``checks`` and ``ordinal``.

    ``checks`` is a list of choices, each ticked or not; ``ordinal`` is the number of its row.
    """

    member: str
    kind: str
    label: str
    hint: str = ""
    example: str = ""
    required: bool = False
    choices: tuple[tuple[str, str], ...] = ()
    units: tuple[str, ...] = ()
    fields: tuple["Spec", ...] = ()


def certificate_form(kind: Kind, catalogue: Catalogue | None, words: Translator) -> tuple[Spec, ...]:
    """Return the form of a kind of certificate under a scheme, as a list of sections."""
    specs = [*_common(kind, words)]
    fields = _special(kind, catalogue, words)
    if fields:
        title = words.gettext(kind.words)
        if catalogue is not None and (form := catalogue.find_form(kind.type_name)) is not None:
            title = words.text(form.title)
        specs.append(Spec(member=kind.member, kind="group", label=title, required=True, fields=fields))
    return tuple(specs)


def has_form(kind: Kind, catalogue: Catalogue | None) -> bool:
    """Return whether a certificate of a kind can be entered by hand under a scheme."""
    if kind.type_name in (ANCHOR, "Delegation", "IssuerApproval"):
        return True
    return catalogue is not None and catalogue.find_form(kind.type_name) is not None


def from_catalogue(field: FormField, words: Translator) -> Spec:
    """Return a field of a catalogue in the reader's language."""
    inner = tuple(from_catalogue(one, words) for one in field.fields or ())
    spec = Spec(
        member=field.member,
        kind=field.kind,
        label=words.text(field.label),
        hint="" if field.hint is None else words.text(field.hint),
        example=field.example or "",
        required=field.required,
        choices=tuple((one.value, words.text(one.label)) for one in field.choices or ()),
        units=tuple(field.units or ()),
        fields=inner,
    )
    if field.kind == "list" and len(inner) == 1 and not inner[0].member and inner[0].kind == "choice":
        return replace(spec, kind="checks", choices=inner[0].choices, fields=())
    if field.kind == "list":
        return replace(spec, fields=tuple(_in_row(one) for one in inner))
    return _expanded(spec, words)


def _named(spec: Spec, catalogue: Catalogue | None, words: Translator) -> Spec:
    """Return the list of schemes with their names beside their ids, for who reads it."""
    if spec.member != "schemes" or catalogue is None:
        return spec
    known = ((catalogue.scheme.id, words.text(catalogue.names[catalogue.scheme.id])),)
    return replace(spec, fields=tuple(replace(one, choices=known) for one in spec.fields))


def _in_row(spec: Spec) -> Spec:
    return replace(spec, kind="ordinal") if (spec.member, spec.kind) == ("line", "count") else spec


def _expanded(spec: Spec, words: Translator) -> Spec:
    """Return a party, facility or product with its usual members, anything else as it is."""
    _ = words.gettext
    if spec.kind == "share":
        return replace(spec, example=_percent(spec.example))
    if spec.kind not in GROUPS - {"group"}:
        return spec
    named = spec.kind == "facility"
    fields = [
        Spec(
            member="name", kind="text", label=_("Name"), required=True, example=spec.example if named else ""
        ),
        Spec(
            member="id",
            kind="uri",
            label=_("Identity: a DID or a web address"),
            required=True,
            hint=spec.hint,
            example="" if named else spec.example,
        ),
    ]
    if spec.kind == "product":
        fields += [
            Spec(member="model", kind="text", label=_("Model")),
            Spec(member="batch", kind="text", label=_("Batch")),
        ]
    return replace(spec, hint="", example="", fields=tuple(fields))


def _percent(example: str) -> str:
    try:
        return f"{float(example) * 100:g}"
    except ValueError:
        return ""


def _common(kind: Kind, words: Translator) -> list[Spec]:
    _ = words.gettext
    about = [
        Spec(
            member="name",
            kind="text",
            label=_("Title of the certificate"),
            required=True,
            hint=_("One line that tells people what this is."),
        ),
        Spec(member="description", kind="text", label=_("Remark")),
        Spec(
            member="validFrom", kind="date", label=_("Valid from"), hint=_("Empty: from the moment of issue.")
        ),
        Spec(member="validUntil", kind="date", label=_("Valid until"), hint=_("This whole day is included.")),
    ]
    if kind.type_name == ANCHOR:
        return about
    party = Spec(
        member="holder", kind="party", label=_("Issued to"), required=True, example="did:web:mill.example"
    )
    about.append(_expanded(party, words))
    about += [
        Spec(
            member="assessmentDate",
            kind="date",
            label=_("Assessed on"),
            hint=_("The day of the audit or test; empty: today."),
        ),
        Spec(
            member="idVerified",
            kind="flag",
            label=_("We made sure that the places and products are the ones named here"),
        ),
    ]
    return about


def _special(kind: Kind, catalogue: Catalogue | None, words: Translator) -> tuple[Spec, ...]:
    form = None if catalogue is None else catalogue.find_form(kind.type_name)
    if form is not None:
        return tuple(_named(from_catalogue(field, words), catalogue, words) for field in form.fields)
    if kind.type_name == "Delegation":
        return _delegation(words)
    if kind.type_name == "IssuerApproval":
        return _approval(catalogue, words)
    return _identity(words) if kind.type_name == ANCHOR else ()


_ACTIONS: Final = (
    ("hold", mark("Keep certificates for them")),
    ("present", mark("Show certificates for them")),
    ("requestCertificate", mark("Ask for certificates for them")),
    ("declareProduct", mark("Declare products for them")),
    ("recordEvent", mark("Record events for them")),
)
_CHAINS: Final = (
    ("schemeOwnerApproval", mark("Approval by the owner of the scheme")),
    ("accreditation", mark("Accreditation")),
)
_REGISTERS: Final = (
    ("business", mark("Register of businesses")),
    ("land", mark("Register of land")),
    ("product", mark("Register of products")),
    ("facility", mark("Register of facilities")),
    ("trademark", mark("Register of trade marks")),
    ("accreditation", mark("Register of accreditations")),
)


def _choices(pairs: tuple[tuple[str, str], ...], words: Translator) -> tuple[tuple[str, str], ...]:
    return tuple((value, words.gettext(label)) for value, label in pairs)


def _many(member: str, label: str, one: str, kind: str, **more: str | bool) -> Spec:
    item = Spec(member="", kind=kind, label=one, required=True, example=str(more.pop("example", "")))
    return Spec(member=member, kind="list", label=label, required=bool(more.get("required")), fields=(item,))


def _days(words: Translator) -> tuple[Spec, Spec]:
    first, last = words.gettext("First day"), words.gettext("Last day")
    return (
        Spec(member="startDate", kind="date", label=first, required=True),
        Spec(member="endDate", kind="date", label=last, required=True),
    )


def _delegation(words: Translator) -> tuple[Spec, ...]:
    _ = words.gettext
    principal = Spec(member="principal", kind="party", label=_("Who lets somebody act"), required=True)
    delegate = Spec(member="delegate", kind="party", label=_("Who may act for them"), required=True)
    return (
        _expanded(principal, words),
        _expanded(delegate, words),
        Spec(
            member="actions",
            kind="checks",
            label=_("What they may do"),
            required=True,
            choices=_choices(_ACTIONS, words),
        ),
        _many("schemes", _("Only under these schemes"), _("Scheme"), "uri"),
        _many("facilities", _("Only for these places"), _("Place"), "uri"),
        *_days(words),
        Spec(member="mayDelegate", kind="flag", label=_("They may pass this on")),
    )


def _approval(catalogue: Catalogue | None, words: Translator) -> tuple[Spec, ...]:
    _ = words.gettext
    return (
        Spec(
            member="kind",
            kind="choice",
            label=_("Kind of approval"),
            required=True,
            choices=_choices(_CHAINS, words),
        ),
        _named(_many("schemes", _("Schemes"), _("Scheme"), "uri", required=True), catalogue, words),
        Spec(
            member="processes",
            kind="checks",
            label=_("Processes"),
            required=True,
            choices=_processes(catalogue, words),
        ),
        _many("productClasses", _("Product classes"), _("Code"), "text", example="lint"),
        _many("regions", _("Countries"), _("Two letters of the country"), "text", example="TR"),
        *_days(words),
    )


def _processes(catalogue: Catalogue | None, words: Translator) -> tuple[tuple[str, str], ...]:
    """Return the processes as the scheme's own form of a scope certificate names them."""
    form = None if catalogue is None else catalogue.find_form("ScopeCertificate")
    for site in () if form is None else form.fields:
        for field in site.fields or ():
            if field.member == "processes" and field.fields:
                return from_catalogue(field, words).choices
    return ()


def _identity(words: Translator) -> tuple[Spec, ...]:
    _ = words.gettext
    scheme = (
        Spec(member="name", kind="text", label=_("Name"), required=True),
        Spec(member="id", kind="uri", label=_("Web address"), required=True),
    )
    return (
        Spec(
            member="id",
            kind="uri",
            label=_("DID of the member"),
            required=True,
            example="did:web:mill.example",
        ),
        Spec(member="registeredName", kind="text", label=_("Registered name"), required=True),
        Spec(member="registeredId", kind="text", label=_("Number in the register"), required=True),
        Spec(member="registeredDate", kind="date", label=_("Registered on"), required=True),
        Spec(member="idScheme", kind="group", label=_("The register"), required=True, fields=scheme),
        Spec(
            member="registerType",
            kind="choice",
            label=_("Kind of register"),
            required=True,
            choices=_choices(_REGISTERS, words),
        ),
        _many("registrationScope", _("What the entry covers"), _("Web address"), "uri"),
    )


def unit_words(unit: str) -> str:
    """Return how a unit of weight is written."""
    return UNIT_WORDS.get(unit, unit) if unit in KILOGRAMS else unit
