#!/bin/sh
# First corpora for the fuzz targets. `extract`: the test pages, each behind the byte that chooses its content type;
# `segments`: files of the sample archives, each behind the byte that says where it stands.
set -eu
cd "$(dirname "$0")"
mkdir -p corpus/extract
for page in ../pages/*/source.html; do
    name=$(basename "$(dirname "$page")")
    { printf '\0'; cat "$page"; } > "corpus/extract/$name"
done
ls corpus/extract | wc -l

mkdir -p corpus/robots corpus/sitemap corpus/url
printf 'gleaner\0/a/b.html\0user-agent: *\ncrawl-delay: 2\ndisallow: /*b$\nallow: /a/%%e4\nsitemap: https://a.example/s.xml\n' > corpus/robots/one
printf '<urlset><url><loc>/1?a=1&amp;b</loc><lastmod>2024-02-29</lastmod></url></urlset>' > corpus/sitemap/sitemap
printf '<rss><channel><item><link>/1</link><pubDate>Thu, 29 Feb 2024 01:02:03 +0000</pubDate></item></channel></rss>' > corpus/sitemap/rss
gzip -nc corpus/sitemap/sitemap > corpus/sitemap/packed
printf 'https://u:p@www.a.example:8080/(S(a))/x;jsessionid=1/../index.php?b=2&a=%%7e+1&utm_source=z#t\n//b.example./%%2e/' > corpus/url/one
ls corpus/robots corpus/sitemap corpus/url

mkdir -p corpus/segments
for version in ../../archive/sample/v*/; do
    for segment in "$version"segments/*.seg; do
        { printf '\0'; cat "$segment"; } > "corpus/segments/$(basename "$version")-$(basename "$segment")"
    done
    for segment in "$version"raw/*.seg; do
        { printf '\2'; cat "$segment"; } > "corpus/segments/$(basename "$version")-raw-$(basename "$segment")"
    done
done
ls corpus/segments | wc -l
