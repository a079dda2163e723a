"""No authored text runs script: with the policy off nothing does, without the sanitiser much does."""

from playwright.sync_api import Browser

from tests.journeys.hostile import attack, control
from tests.xss.browser import bench

PAYLOADS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '<svg onload="alert(1)"></svg>',
    "<svg><script>alert(1)</script></svg>",
    '<a href="javascript:alert(1)">Weiter</a>',
    '<a href="java&#9;script:alert(1)">Weiter</a>',
    '<a href="&#x01;javascript:alert(1)">Weiter</a>',
    "[Weiter](javascript:alert(1))",
    "[Weiter](JaVaScRiPt:alert`1`)",
    "[Weiter](&#106;avascript:alert(1))",
    "<javascript:alert(1)>",
    '<details open ontoggle="alert(1)"><summary>a</summary>b</details>',
    '<input autofocus onfocus="alert(1)">',
    '<math><mtext><style><img src="</style><img src=x onerror=alert(1)>"></style></mtext></math>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<form action="javascript:alert(1)"><button>a</button></form>',
    '<p style="animation-name:x" onanimationstart="alert(1)">a</p>',
    '![x](x"onerror="alert(1))',
    '<div hx-on:click="alert(1)">a</div>',
    "`</code><script>alert(1)</script>`",
    "<!-- --!><script>alert(1)</script> -->",
)


def test_hostile_texts_run_nothing(browser: Browser) -> None:
    with bench(browser, batch=60) as table:
        ran, outside = attack(table, PAYLOADS)
        assert ran == []
        assert outside == []
        assert control(table, PAYLOADS) >= 15  # of these, with Python-Markdown alone
