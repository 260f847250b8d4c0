def test_it(city_site, chromium):
    page = chromium.new_page(); page.goto(city_site.url); print(page.title())
