"""A small model of the life of an exchange, to hold the gateway against.

Written from the pages on the architecture and on the life, not from the code: plain dicts and strings, time in minutes,
nothing of the gateway imported. It knows what a message says, not how it is written.
"""

from __future__ import annotations

OVERTAKING, EXPIRY, LEAD = 60, 2880, {"CN": 120, "KG": 60}
"""Minutes: how long what overtook waits; from the planned arrival to the expiry; how early a declaration must come."""

MOST_WAITING = 20
"""Messages of one sender that may wait for one exchange."""

PARTIES = ("CN", "KG")

_ANSWERED = {"review": "under-review", "accept": "accepted", "reject": "rejected", "forbid-loading": "do-not-load"}
_AMENDED = {"replace": "registered", "change": "registered", "cancel": "cancelled"}

TABLE = {
    None: {"original": "registered"},
    "registered": {"acknowledge": "registered", **_ANSWERED, **_AMENDED, "deliver": "delivered", "expire": "expired"},
    "delivered": {"acknowledge": "delivered", **_ANSWERED, **_AMENDED, "expire": "expired"},
    "under-review": {"acknowledge": "under-review", **_ANSWERED, **_AMENDED, "expire": "expired"},
    "accepted": {
        "acknowledge": "accepted",
        "review": "under-review",
        "forbid-loading": "do-not-load",
        **_AMENDED,
        "depart": "departed",
        "arrive": "arrived",
        "inspect": "accepted",
        "release": "released",
        "expire": "expired",
    },
    "rejected": {**_AMENDED, "depart": "departed"},
    "do-not-load": {**_AMENDED, "depart": "departed"},
    "departed": {
        "add": "departed",
        "inspect": "departed",
        "arrive": "arrived",
        "forbid-unloading": "unloading-prohibited",
        "release": "released",
        "expire": "expired",
    },
    "arrived": {
        "add": "arrived",
        "depart": "arrived",
        "inspect": "arrived",
        "hold": "held",
        "find-discrepancy": "discrepant",
        "forbid-unloading": "unloading-prohibited",
        "release": "released",
        "refuse": "refused",
    },
    "held": {
        "add": "held",
        "depart": "held",
        "forbid-unloading": "unloading-prohibited",
        "inspect": "held",
        "find-discrepancy": "discrepant",
        "release": "released",
        "refuse": "refused",
    },
    "discrepant": {
        "add": "discrepant",
        "depart": "discrepant",
        "forbid-unloading": "unloading-prohibited",
        "inspect": "discrepant",
        "find-discrepancy": "discrepant",
        "hold": "held",
        "release": "released",
        "refuse": "refused",
    },
    "released": {
        "depart": "released",
        "inspect": "released",
        "find-discrepancy": "discrepant",
        "match": "matched",
    },
    "matched": {"close": "closed"},
    "expired": {"depart": "expired", "arrive": "arrived"},
    "unloading-prohibited": {
        "depart": "unloading-prohibited",
        "inspect": "unloading-prohibited",
        "release": "released",
        "refuse": "refused",
    },
    "refused": {},
    "closed": {},
    "cancelled": {},
}
"""What each state becomes by each step. A request is allowed in every state and changes none."""

OF_DECLARANT = {"original", "replace", "change", "add", "cancel", "depart"}
OF_EITHER = {"request", "inspect", "find-discrepancy"}

_DECLARATIONS = {"9": "original", "5": "replace", "4": "change", "2": "add", "1": "cancel", "13": "request"}
_DECISIONS = {"acknowledge", "review", "accept", "reject", "forbid-loading", "forbid-unloading"}
_GONE = {
    "departed",
    "arrived",
    "held",
    "discrepant",
    "unloading-prohibited",
    "released",
    "refused",
    "matched",
    "closed",
}
_HERE = {"registered", "delivered", "under-review", "accepted", "rejected", "do-not-load"}
_RESPONSES = {
    "44": "accept",
    "45": "review",
    "27": "reject",
    "11 DNL": "forbid-loading",
    "11 UPR": "forbid-unloading",
    "11 REG": "acknowledge",
    "11 39": "release",
}
_CONCLUSIONS = {"REL": "release", "HLD": "hold", "REF": "refuse"}


def new_world():
    """A gateway that has seen nothing."""
    return {"now": 0, "exchanges": {}, "waiting": [], "for_operator": [], "told": {}}


def receive(world, said):
    """What becomes of a message.

    Args:
        world: What has happened so far; changed.
        said: The message: `id`, `content`, `sender`, `recipient`, `kind`, `code`, `number` (reference, "" where it
            names only the message it follows), `follows`, `version` (None where it names none), `arrival` and
            `prepared` (minutes), `discrepant`, `conclusion`.

    Returns:
        Its outcome, with the state and version of its exchange where it was accepted, the rule where it was not.
    """
    known = world["told"].get((said["sender"], said["id"]))
    if known is not None:
        return known["answer"] if known["said"]["content"] == said["content"] else {"outcome": "conflict"}
    said = {**said, "received": world["now"], "order": len(world["told"])}
    world["told"][said["sender"], said["id"]] = {"said": said, "answer": None}
    if said["sender"] not in PARTIES:
        return _answer(world, said, {"outcome": "refused", "rule": "ACD-AGR-05"})
    if _late(said):
        world["for_operator"].append(said)
        world["told"][said["sender"], said["id"]]["held"] = True
        return _answer(world, said, {"outcome": "held", "rule": "ACD-TIM-01"})
    return _decide(world, said, may_wait=True)


def release(world, sender, message_id):
    """What becomes of a message that an operator lets through; None where none is held for one."""
    for said in world["for_operator"]:
        if (said["sender"], said["id"]) == (sender, message_id):
            world["for_operator"].remove(said)
            world["told"][sender, message_id]["answer"] = None  # it is receipted anew
            return _decide(world, {**said, "received": world["now"]}, may_wait=True)  # it waits from now on
    return None


def pass_time(world, minutes):
    """Time goes by: what has waited long enough is decided, what has not arrived expires."""
    world["now"] += minutes
    for said in [one for one in world["waiting"] if one["received"] + OVERTAKING <= world["now"]]:
        if said in world["waiting"] and not any(_comes_with(said, one) for one in world["for_operator"]):
            world["waiting"].remove(said)
            _decide(world, said, may_wait=False)
    for key, exchange in world["exchanges"].items():
        if "expire" in TABLE[exchange["state"]] and exchange["expires"] <= world["now"]:
            exchange["state"] = "expired"
            exchange["queue"] += [("EXP", "GATEWAY", party) for party in key[:2]]
            exchange["expiries"] += 1
            _apply_waiting(world, key)


def _comes_with(said, late):
    """Whether a message waits for a declaration that an operator has not looked at yet."""
    if late["kind"] != "declaration":
        return False
    declarant, recipient, number = late["sender"], late["recipient"], late["number"]
    names = (declarant, recipient, number), (recipient, declarant, number)
    follows = said["waits_for"] == (declarant, recipient, "") and said["follows"] == late["id"]
    return said["waits_for"] in names or follows


def deliver(world, refusing):
    """Everything that is due is delivered, but what goes to those who refuse it becomes a dead letter."""
    for exchange in world["exchanges"].values():
        while exchange["queue"]:
            code, sender, recipient = exchange["queue"].pop(0)
            later = {other for other, _, to in exchange["queue"] if to == recipient}
            if recipient in refusing:
                exchange["dead"] += 1
                if sender != "GATEWAY":
                    exchange["queue"].append(("UND", "GATEWAY", sender))
                    exchange["undeliverable"] += 1
            elif code in ("9", "5", "4") and not later & {"9", "5", "4"}:
                exchange["state"] = TABLE[exchange["state"]].get("deliver", exchange["state"])
            elif code == "IMP" and "IMP" not in later:
                exchange["state"] = TABLE[exchange["state"]].get("close", exchange["state"])


def allowed_later(state, step):
    """Whether a step that is not allowed may be so later, along the steps that still can come."""
    if step in ("original", "request", "unknown"):
        return False
    if state in {ends[step] for ends in TABLE.values() if step in ends}:
        return False  # it says once more where the exchange is
    renewing = {"replace", "change"} if step in _DECISIONS else set()  # a decision was made about what is there
    seen, ahead = set(), {end for other, end in TABLE[state].items() if other not in renewing}
    while ahead - seen:
        seen |= ahead
        ahead = {end for one in seen for other, end in TABLE[one].items() if other not in renewing}
    return any(step in TABLE[one] for one in seen - {state})


def step_of(said, by_declarant):
    """The steps that a message says, in order."""
    if said["kind"] == "declaration":
        return [_DECLARATIONS[said["code"]]]
    if said["kind"] == "response":
        return [_RESPONSES[said["code"]]]
    differs = ["find-discrepancy"] if said["discrepant"] else []
    match said["code"]:
        case "DEP":
            return ["depart"]
        case "ARR":
            return ["arrive", *differs]
        case "CTL" if by_declarant:
            return ["inspect"]
        case "CTL" if said["conclusion"]:
            return [_CONCLUSIONS[said["conclusion"]]]
        case "CTL":
            return differs or ["inspect"]
        case "DIS":
            return ["find-discrepancy"]
        case "IMP" if by_declarant:
            return ["match"]
        case "IMP":
            return differs or ["match"]
    return ["unknown"]


def _late(said):
    moves = said["kind"] == "declaration" and said["code"] in ("9", "5", "4")
    return moves and said["received"] > said["arrival"] - LEAD[said["sender"]]


def _answer(world, said, answer):
    world["told"][said["sender"], said["id"]]["answer"] = answer
    return answer


def _decide(world, said, *, may_wait, then=True):
    key, by_declarant = _whose(world, said)
    exchange, steps = world["exchanges"].get(key), step_of(said, by_declarant)
    state = exchange["state"] if exchange else None
    turned = world["exchanges"].get((key[1], key[0], key[2]))
    end, refusal = _follow(state, steps, by_declarant, taken=turned is not None)
    if refusal == "ACD-REF-01" and steps[0] == "arrive":
        refusal = "ACD-ARR-01"
    waits = refusal not in ("ACD-REF-05", "ACD-REF-09") and allowed_later(state, steps[0])
    if refusal is None and exchange is not None:
        refusal, waits = (
            _of_two(world, said, key) or _stale(said, exchange, steps[0]) or _other_version(said, exchange, steps[0])
        )
    if refusal is not None:
        alike = [one for one in world["waiting"] if _waits_with(one, said, key)]
        if waits and may_wait and len(alike) < MOST_WAITING:
            world["waiting"].append({"waits_for": key, **said})
            world["waiting"].sort(key=lambda one: one["order"])
            told = world["told"][said["sender"], said["id"]]
            told["held"] = True
            return told["answer"] or _answer(world, said, {"outcome": "held", "rule": refusal})  # receipted once
        if world["told"][said["sender"], said["id"]].get("held") and exchange is not None:
            exchange["queue"].append(("UND", "GATEWAY", said["sender"]))  # it was receipted as held
            exchange["undeliverable"] += 1
        return _answer(world, said, {"outcome": "refused", "rule": refusal, "state": state})
    if exchange is None:
        exchange = world["exchanges"][key] = {
            "version": 0, "versions": [], "last": {}, "expires": 0, "queue": [], "messages": [],
            "dead": 0, "undeliverable": 0, "expiries": 0,
        }  # fmt: skip
    exchange["messages"].append((said["sender"], said["id"]))
    if steps[0] in ("original", "replace", "change"):
        exchange["version"] += 1
        exchange["versions"].append(said["id"])
    if steps[0] in ("original", "replace", "change") or said["kind"] == "response":
        exchange["last"][said["kind"]] = said["prepared"]
    if steps[0] != "request":
        exchange["state"] = end
        exchange["queue"].append((said["code"], said["sender"], said["recipient"]))
    if said["kind"] == "declaration" and steps[0] != "request":
        exchange["expires"] = said["arrival"] + EXPIRY
    answer = _answer(
        world, said, {"outcome": "accepted", "state": end, "version": exchange["version"], "exchange": key}
    )
    if then:
        _apply_waiting(world, key)
    return answer


def _waits_with(one, said, key):
    """Whether a message of the same sender waits for the same: a reference, or the message that both answer."""
    same = one["sender"] == said["sender"] and one["waits_for"] == key
    return same and (bool(key[2]) or one["follows"] == said["follows"])


def _follow(state, steps, by_declarant, *, taken=False):
    """The state after the steps; or the rule that refuses them."""
    if steps[0] == "original" and (state is not None or taken):
        return None, "ACD-REF-05"
    if steps[0] not in (*OF_EITHER, "unknown") and (steps[0] in OF_DECLARANT) is not by_declarant:
        return None, "ACD-REF-09"
    if state is None and steps[0] != "original":
        return None, "ACD-REF-01"
    if steps[0] == "request":
        return state, None
    for step in steps:
        if step not in TABLE[state]:
            return None, why(state, step)
        state = TABLE[state][step]
    return state, None


def why(state, step):
    """The rule that refuses a step that a state does not allow."""
    if step == "arrive" and state in _HERE:
        return "ACD-ARR-01"
    if step == "cancel" and state in _GONE:
        return "ACD-REF-03"
    if (step == "forbid-loading" and state in _GONE) or (step == "forbid-unloading" and state in _HERE):
        return "ACD-RSK-01"
    return "ACD-REF-06"


def _of_two(world, said, key):
    """An answer that names one exchange and follows a message of another."""
    if said["kind"] == "response" and said["number"] not in ("", key[2]):
        return "ACD-REF-01", False
    followed = world["told"].get((said["recipient"], said["follows"]))
    other = followed and followed["answer"] and followed["answer"].get("exchange")
    return ("ACD-REF-01", False) if said["kind"] == "response" and other and other != key else None


def _stale(said, exchange, step):
    """What was prepared before the version, or the answer, that holds now."""
    bound = said["kind"] == "response" or step in ("replace", "change", "cancel")
    if bound and said["prepared"] < exchange["last"].get(said["kind"], said["prepared"]):
        return "ACD-REF-13", False
    return None


def _other_version(said, exchange, step):
    """The rule by which a message is about another version than it must be, and whether that version may still come."""
    if step in ("replace", "change"):
        rule, named, wanted = "ACD-REF-10", said["version"], exchange["version"] + 1
    elif step == "cancel":
        rule, named, wanted = "ACD-REF-11", said["version"], exchange["version"]
    elif said["kind"] == "response":
        rule, named, wanted = "ACD-REF-11", said["version"], exchange["version"]
        if said["follows"] in exchange["versions"]:
            named = exchange["versions"].index(said["follows"]) + 1
        if named is None and said["prepared"] + 1 < exchange["last"]["declaration"]:
            return "ACD-REF-13", False
    else:
        return None, False
    fits = (None, wanted, wanted + 1) if step == "cancel" else (None, wanted)
    return (None, False) if named in fits else (rule, named > wanted)


def _whose(world, said):
    """The exchange that a message belongs to, or would, and whether its declarant sends it."""
    own = (said["sender"], said["recipient"], said["number"])
    other = (said["recipient"], said["sender"], said["number"])
    if said["kind"] == "response":
        followed = world["told"].get((said["recipient"], said["follows"]))
        if other not in world["exchanges"] and followed and followed["said"]["kind"] == "declaration":
            key = followed["answer"].get("exchange")
            return (key if key and key[:2] == other[:2] else other), False
        return other, False
    if said["kind"] == "declaration" and said["code"] != "13":
        return own, True
    first, second = (own, other) if said["kind"] == "declaration" or said["code"] == "DEP" else (other, own)
    key = second if second in world["exchanges"] and first not in world["exchanges"] else first
    return key, key == own


def _apply_waiting(world, key):
    """What had overtaken the message that was just applied: the first that fits, in the order they were prepared."""
    applied = True
    while applied:
        applied = False
        concerned = [one for one in world["waiting"] if _concerned(one["waits_for"], key)]
        for said in sorted(concerned, key=lambda one: (one["prepared"], one["order"])):
            world["waiting"].remove(said)
            if _decide(world, said, may_wait=True, then=False)["outcome"] == "accepted":
                applied = True
                break


def _concerned(waits_for, key):
    return waits_for in (key, (key[1], key[0], key[2]), (key[0], key[1], ""))
