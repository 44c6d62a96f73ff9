"""Take a picture of a page: ``python tests/browser/screenshot.py GRAPH.html OUT.png --size 1280x800``."""

import argparse
from pathlib import Path

from chromium import chromium


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument(
        "--size", default="1280x800", help="width x height in CSS pixels"
    )
    parser.add_argument(
        "--dark", action="store_true", help="as with a dark system theme"
    )
    parser.add_argument("--select", help="slug of the name to select first")
    parser.add_argument("--language", default="en", help="language of the page")
    parser.add_argument(
        "--whole", action="store_true", help="the whole length of the page"
    )
    options = parser.parse_args()
    width, height = (int(number) for number in options.size.split("x"))
    with chromium(width, height, dark=options.dark) as browser:
        browser.get(options.page.resolve().as_uri())
        browser.execute_script(
            'document.querySelector(`[data-language="${arguments[0]}"]`).click();'
            "document.activeElement.blur()",
            options.language,
        )
        if options.select:
            search = browser.find_element("id", "search")
            search.send_keys(options.select, "\n")
        # The drawing moves to the selected name for some frames.
        browser.execute_async_script("setTimeout(arguments[0], 400)")
        if options.whole:
            length = browser.execute_script(
                "return document.documentElement.scrollHeight"
            )
            browser.execute_cdp_cmd(
                "Emulation.setDeviceMetricsOverride",
                {
                    "width": width,
                    "height": length,
                    "deviceScaleFactor": 1,
                    "mobile": False,
                },
            )
            browser.execute_async_script("setTimeout(arguments[0], 400)")
        browser.save_screenshot(str(options.picture))


if __name__ == "__main__":
    main()
