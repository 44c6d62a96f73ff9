"""Take a picture of a page: ``python screenshot.py GRAPH.html OUT.png --size 1280x800``."""

import argparse
from pathlib import Path

from chromium import chromium


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("page", type=Path)
    parser.add_argument("picture", type=Path)
    parser.add_argument("--size", default="1280x800", help="width x height in CSS pixels")
    parser.add_argument("--dark", action="store_true", help="as with a dark system theme")
    parser.add_argument("--language", default="en", help="language of the page")
    parser.add_argument("--select", help="a name to search for and select")
    parser.add_argument("--scroll", help="CSS selector of an element to bring to the top")
    options = parser.parse_args()
    width, height = (int(number) for number in options.size.split("x"))
    with chromium(width, height, dark=options.dark) as browser:
        browser.get(options.page.resolve().as_uri())
        browser.find_element("css selector", f"[data-language={options.language}]").click()
        if options.select:
            browser.find_element("id", "search").send_keys(options.select, "\n")
        browser.execute_script("document.activeElement.blur()")
        # The drawing moves to the selected name for some frames.
        browser.execute_async_script("setTimeout(arguments[0], 400)")
        if options.scroll:
            browser.execute_script(
                "document.querySelector(arguments[0]).scrollIntoView()", options.scroll
            )
        browser.save_screenshot(str(options.picture))


if __name__ == "__main__":
    main()
