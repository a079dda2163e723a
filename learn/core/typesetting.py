"""The process that sets one paper by typst and ends; learn.core.paper runs it by path.

It imports nothing of ours. Reads JSON on standard input: `template` (typst source), `data` (anything JSON).
Writes the PDF to standard output, or what was wrong to standard error.
"""

import json
import resource
import sys

import typst

MEMORY = 1024 * 1024 * 1024


def main() -> int:
    """One PDF/UA-1 from one request; 1 when typst refuses."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    request = json.load(sys.stdin)
    try:
        made = typst.compile(
            request["template"].encode(),
            ignore_system_fonts=True,  # the same paper on every machine
            sys_inputs={"data": json.dumps(request["data"])},
            pdf_standards=["ua-1"],
        )
    except typst.TypstError as problem:
        sys.stderr.write("\n".join([str(problem), *problem.hints]))
        return 1
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
