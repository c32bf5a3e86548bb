"""The peer of `peers.py`: Scrapy fetches the addresses of $URLS, trafilatura takes their text, a line of JSON keeps it."""

import json
import os

import scrapy
import trafilatura
from scrapy.crawler import CrawlerProcess


class Pages(scrapy.Spider):
    name = "pages"

    async def start(self):
        with open(os.environ["URLS"]) as urls:
            for url in urls:
                yield scrapy.Request(url.strip())

    def parse(self, response):
        text = trafilatura.extract(response.text, url=response.url)
        yield {"url": response.url, "text": text}


class Lines:
    """Synced once, at the end: gleaner syncs every batch."""

    def open_spider(self):
        self.file = open("pages.jsonl", "w")

    def process_item(self, item):
        self.file.write(json.dumps(item) + "\n")
        return item

    def close_spider(self):
        self.file.flush()
        os.fsync(self.file.fileno())
        self.file.close()


at_once = int(os.environ["AT_ONCE"])
process = CrawlerProcess({
    "ROBOTSTXT_OBEY": True,
    "DOWNLOAD_DELAY": 0,
    "CONCURRENT_REQUESTS": at_once,
    "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
    "ITEM_PIPELINES": {Lines: 1},
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
})
process.crawl(Pages)
process.start()
