"""Several lessons on one page: every id once, every target in the page there."""

import re
from collections import Counter

from sqlalchemy.orm import Session

from learn.markup import render
from tests.client import CheckingClient
from tests.site import sensors

TEXT = """\
## Weg

Siehe [Weg](#weg), [Fragen](#messen), [eine](#frage-eins), [Quiz](#quiz-q), [Aufgabe](#drei-stellen),
[dort](#aufgabe-a), [Fahrplan](#mein-fahrplan), [hier unten](#fahrplan-p).[^a] Und $a<b$.

Tabelle: Größen

| a |
|---|
| 1[^a] |

<!-- tabs -->

### Klein

> [!TIP]
> [Weg](#weg)

### Groß

<details>
<summary>Mehr</summary>

#### Innen

</details>

<!-- /tabs -->

## Messen

<!-- quiz id=q -->

### Eins?
<!-- frage id=eins -->

> [Weg](#weg)

1. [x] a
2. [ ] b

<!-- /quiz -->

## Drei Stellen

<!-- aufgabe id=a -->

### Darin

[Weg](#weg)

<!-- /aufgabe -->

## Mein Fahrplan

<!-- fahrplan id=p -->

- **A:** b

[Weg](#weg)

<!-- /fahrplan -->

[^a]: Note [^b]
[^b]: Noch eine [^a]
"""


def test_ids_are_unique_and_targets_exist(client: CheckingClient, db: Session) -> None:
    found = render(TEXT, "kurs", formulas=True)
    assert found.faults == ()
    sensors.publish(db, parts=dict.fromkeys(("messen", "montieren", "nutzen"), found.parts))
    page = client.get("/kurse/sensoren/druck").text
    ids = Counter(re.findall(r'\sid="([^"]+)"', page))
    assert [name for name, times in ids.items() if times > 1] == []
    targets = set(re.findall(r'href="#([^"]+)"', page))
    named = re.findall(r'aria-labelledby="([^"]+)"', page)
    assert (targets | set(named)) - set(ids) == set()
    assert len([name for name in targets if name.startswith("les_montiere-")]) >= 12
    assert page.count('<math alttext="a&lt;b">') == 3
