"""The requests of case files, one a line, in protobuf's own JSON: for clients that
read no YAML.

    questions.py STUBS CASES... >QUESTIONS
"""

import json
import sys

from google.protobuf import json_format

sys.path.insert(0, sys.argv[1])

from carnet.v1 import registry_pb2  # noqa: E402
import mapping  # noqa: E402

for case in mapping.cases(sys.argv[2:], registry_pb2.Case):
    request = json_format.MessageToDict(case.ask, preserving_proto_field_name=True)
    print(json.dumps({"id": case.id, "request": request}))
