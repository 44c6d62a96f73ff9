"""Take the pictures of a page: ``python pictures.py GRAPH.html FOLDER``; `make pictures` does.

Three sizes, each with a light and a dark theme, as WebP: what the page opens with, and the
evidence of one pair of actors of one dispute.
"""

import argparse
import base64
from pathlib import Path

from chromium import chromium, emulate

SIZES = {"desktop": (1280, 800), "tablet": (820, 1100), "telephone": (390, 844)}
OVERVIEW = "#lang=en"
EVIDENCE = "#lang=en&dispute=nyt-openai&select=pair:new-york-times+openai"
VIEWS = {
    ("desktop", "light"): EVIDENCE,
    ("desktop", "dark"): OVERVIEW,
    ("tablet", "light"): OVERVIEW,
    ("tablet", "dark"): EVIDENCE,
    ("telephone", "light"): OVERVIEW,
    ("telephone", "dark"): EVIDENCE,
}
QUALITY = 82


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    with chromium(*SIZES["desktop"]) as browser:
        for (size, theme), view in VIEWS.items():
            emulate(browser, *SIZES[size], dark=theme == "dark")
            browser.get("about:blank")
            browser.get(options.page.resolve().as_uri() + view)
            browser.execute_script(
                "document.documentElement.style.scrollbarWidth = 'none';"
                # On a telephone the drawing lies below what stands above it.
                "const high = innerWidth < 500;"
                "const chosen = document.body.classList.contains('chosen');"
                "const top = chosen ? '#graph-section' : '.bar';"
                "if (high) document.querySelector(top).scrollIntoView();"
            )
            browser.execute_async_script("setTimeout(arguments[0], 400)")
            shot = browser.execute_cdp_cmd(
                "Page.captureScreenshot", {"format": "webp", "quality": QUALITY}
            )
            picture = options.folder / f"page-{size}-{theme}.webp"
            picture.write_bytes(base64.b64decode(shot["data"]))
            print(f"{picture}: {picture.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    main()
