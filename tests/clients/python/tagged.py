"""Values of Python as JSON, and back, without a schema: what JSON has no word for is an object with one key that starts with $.

    {"$bytes": "00ff"}                         bytes
    {"$date": "2026-01-31"}                    datetime.date
    {"$time": "09:30:00.000000"}               datetime.time
    {"$datetime": "2026-01-31T09:30:00.000000+00:00"}   datetime.datetime, with an offset or without
    {"$decimal": "12.34"}                      decimal.Decimal
    {"$uuid": "..."}                           uuid.UUID
    {"$float": "inf"}                          what is no number of JSON
    {"$branch": ["com.example.Card", value]}   a tuple: the branch of a union, and its value
"""

import datetime
import decimal
import math
import uuid


def tag(value):
    """A value of Python as what `json` can print."""
    match value:
        case bytes():
            return {"$bytes": value.hex()}
        case datetime.datetime():
            return {"$datetime": value.isoformat(timespec="microseconds")}
        case datetime.date():
            return {"$date": value.isoformat()}
        case datetime.time():
            return {"$time": value.isoformat(timespec="microseconds")}
        case decimal.Decimal():
            return {"$decimal": format(value, "f")}
        case uuid.UUID():
            return {"$uuid": str(value)}
        case float() if not math.isfinite(value):
            return {"$float": str(value)}
        case tuple():
            return {"$branch": [value[0], tag(value[1])]}
        case list():
            return [tag(item) for item in value]
        case dict():
            return {key: tag(item) for key, item in value.items()}
        case None | bool() | int() | float() | str():
            return value
    raise TypeError(f"no JSON for {type(value)}")


UNTAG = {
    "$bytes": bytes.fromhex,
    "$date": datetime.date.fromisoformat,
    "$time": datetime.time.fromisoformat,
    "$datetime": datetime.datetime.fromisoformat,
    "$decimal": decimal.Decimal,
    "$uuid": uuid.UUID,
    "$float": float,
    "$branch": lambda pair: (pair[0], untag(pair[1])),
}


def untag(value):
    """The value of Python that is meant."""
    match value:
        case list():
            return [untag(item) for item in value]
        case dict():
            if len(value) == 1:
                ((key, item),) = value.items()
                if key in UNTAG:
                    return UNTAG[key](item)
            return {key: untag(item) for key, item in value.items()}
    return value
