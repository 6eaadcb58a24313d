"""YAML cases as protobuf messages, and answers as `carnet check --output json` writes
them: a second reading of the mapping that proto/carnet/v1/registry.proto describes,
with stock PyYAML and protobuf alone."""

import yaml
from google.protobuf.descriptor import FieldDescriptor as F

LOADER = getattr(yaml, "CBaseLoader", yaml.BaseLoader)

# The messages with a shape of their own, as their comments mark them.
LISTS = {"Conditions": "of", "RecordTest": "fields", "Values": "of"}
PAIRS = {"Definition", "FactTest", "FieldTest", "Fact", "Performance"}
SHORT = {"Membership": "group", "Establishment": "area", "BoundBy": "rulebook", "Duty": "owe",
         "Test": "in", "Identity": "uri", "SigningKey": "key", "Recipient": "party"}


def documents(path):
    with open(path, encoding="utf-8") as file:
        return [node for node in yaml.compose_all(file, Loader=LOADER) if node is not None]


def is_scalar(node):
    return isinstance(node, yaml.ScalarNode)


def is_list(node):
    return isinstance(node, yaml.SequenceNode)


def members(node):
    return [(key.value, value) for key, value in node.value]


def get(node, name):
    return next((value for key, value in members(node) if key == name), None)


def fill_value(message, node):
    """[value]: plain true, false and integers are typed, all else is text."""
    if is_list(node):
        for item in node.value:
            fill_value(message.list.of.add(), item)
    elif not node.style and node.value in ("true", "false"):
        message.flag = node.value == "true"
    elif not node.style and node.value.lstrip("-").isdigit():
        message.number = int(node.value)
    else:
        message.text = node.value


def fill_pair(message, key, node):
    name, value = message.DESCRIPTOR.fields[:2]
    setattr(message, name.name, key)
    set_field(message, value, node)


def fill_condition(message, node):
    if is_list(node):
        fill_message(message.all, node)
        return
    (key, value), = members(node)
    field = message.DESCRIPTOR.fields_by_name.get(key)
    if field is None or field.name == "fact":
        fill_pair(message.fact, key, value)
    else:
        set_field(message, field, value)


def fill_record(message, node):
    (kind, body), = members(node)
    field = message.DESCRIPTOR.fields_by_name[kind.replace("-", "_")]
    inner = getattr(message, field.name)
    inner.SetInParent()
    for key, value in members(body):
        name = key.replace("-", "_")
        own = message.DESCRIPTOR.fields_by_name.get(name)
        if own is not None and own.containing_oneof is None:
            set_field(message, own, value)
        else:
            set_field(inner, inner.DESCRIPTOR.fields_by_name[name], value)


def fill_message(message, node):
    name = message.DESCRIPTOR.name
    message.SetInParent()
    if name == "Value":
        fill_value(message, node)
    elif name == "Record":
        fill_record(message, node)
    elif name == "Condition":
        fill_condition(message, node)
    elif name in LISTS:
        set_field(message, message.DESCRIPTOR.fields_by_name[LISTS[name]], node)
    elif name in SHORT and not isinstance(node, yaml.MappingNode):
        set_field(message, message.DESCRIPTOR.fields_by_name[SHORT[name]], node)
    else:
        for key, value in members(node):
            set_field(message, message.DESCRIPTOR.fields_by_name[key.replace("-", "_")], value)


def scalar(field, node):
    if field.type == F.TYPE_ENUM:
        word = node.value.replace("-", "_").upper()
        for value in field.enum_type.values:
            if value.name == word or value.name.endswith("_" + word) and \
                    value.name[:-len(word)] == prefix(field.enum_type):
                return value.number
        if field.enum_type.name == "Answer" and word in ("TRUE", "FALSE"):
            return 1 if word == "TRUE" else 2
        raise ValueError(f"{node.value} is no {field.enum_type.name}")
    if field.type == F.TYPE_BOOL:
        return {"true": True, "false": False}[node.value]
    if field.type in (F.TYPE_STRING,):
        return node.value
    return int(node.value)


def prefix(enum):
    zero = enum.values[0].name
    return zero[:-len("UNSPECIFIED")]


def set_field(message, field, node):
    if field.label == F.LABEL_REPEATED and field.type == F.TYPE_MESSAGE:
        many = getattr(message, field.name)
        if field.message_type.name in PAIRS and isinstance(node, yaml.MappingNode):
            for key, value in members(node):
                fill_pair(many.add(), key, value)
        elif is_list(node):
            for item in node.value:
                fill_message(many.add(), item)
        else:
            fill_message(many.add(), node)
    elif field.label == F.LABEL_REPEATED:
        items = node.value if is_list(node) else [node]
        getattr(message, field.name).extend(scalar(field, item) for item in items)
    elif field.type == F.TYPE_MESSAGE:
        fill_message(getattr(message, field.name), node)
    else:
        setattr(message, field.name, scalar(field, node))


def cases(paths, make):
    """Every case of the files, as `make()` filled in; `given` stands in its request."""
    for path in paths:
        for node in documents(path):
            if get(node, "ask") is not None:
                case = make()
                fill_message(case, node)
                case.ask.given.extend(case.given)
                yield case


def plain(message):
    """What the JSON of a message without a shape of its own reads as."""
    return {field.name: plain_field(field, value) for field, value in message.ListFields()}


def plain_field(field, value):
    if field.label == F.LABEL_REPEATED:
        return [plain_value(field, item) for item in value]
    return plain_value(field, value)


def plain_value(field, value):
    if field.type == F.TYPE_MESSAGE:
        return plain(value)
    if field.type == F.TYPE_ENUM:
        return field.enum_type.values_by_number[value].name[len(prefix(field.enum_type)):]
    return str(value) if field.type in (F.TYPE_UINT64, F.TYPE_INT64) else value
