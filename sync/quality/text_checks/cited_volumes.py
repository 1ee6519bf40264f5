"""In which years the volumes of American reporters were published: a volume and a year may belie each other."""

from bisect import bisect_left

# (volume, year) along each series, from its title pages; between two of them years are read off the line
_SERIES: dict[str, tuple[tuple[int, int], ...]] = {
    "U.S.": (
        (1, 1760), (5, 1801), (20, 1822), (41, 1842), (75, 1869), (100, 1879), (150, 1893), (200, 1906), (250, 1919),
        (300, 1937), (347, 1954), (384, 1966), (410, 1973), (450, 1981), (483, 1987), (500, 1991), (521, 1997), (539, 2003),
        (550, 2007), (564, 2011), (576, 2015), (590, 2020), (600, 2023),
    ),
    "S. Ct.": ((1, 1882), (50, 1930), (100, 1980), (120, 2000), (144, 2024)),
    "F.": ((1, 1880), (100, 1900), (200, 1912), (300, 1924)),
    "F.2d": (
        (1, 1924), (100, 1938), (200, 1953), (300, 1962), (400, 1968), (500, 1974), (600, 1979), (700, 1983), (800, 1986),
        (900, 1990), (999, 1993),
    ),
    "F.3d": (
        (1, 1993), (100, 1996), (200, 2000), (300, 2002), (400, 2005), (500, 2007), (600, 2010), (700, 2012), (800, 2015),
        (900, 2018), (999, 2021),
    ),
    "F.4th": ((1, 2021), (50, 2022), (100, 2024), (130, 2025)),
    "F. Supp.": (
        (1, 1932), (100, 1951), (200, 1961), (300, 1969), (400, 1975), (500, 1980), (600, 1985), (700, 1988), (800, 1992),
        (900, 1995), (999, 1998),
    ),
    "F. Supp. 2d": (
        (1, 1998), (100, 2000), (200, 2002), (300, 2004), (400, 2005), (500, 2007), (600, 2009), (700, 2010), (800, 2011),
        (900, 2012), (999, 2014),
    ),
    "F. Supp. 3d": ((1, 2014), (100, 2015), (200, 2016), (300, 2018), (400, 2019), (500, 2020), (600, 2022), (750, 2024)),
}  # fmt: skip
_SLACK = 4  # years, since a volume holds cases of several and the line is rough
_OLD, _OLD_SLACK = 1900, 12


def year_of_volume(reporter: str, volume: int) -> int | None:
    """About when a volume was published; None of other reporters, and beyond the last volume that is known.

    >>> year_of_volume("U.S.", 347)
    1954
    """
    known = _SERIES.get(reporter)
    if known is None or volume < 1:
        return None
    at = bisect_left(known, (volume, 0))
    if at == len(known):
        return None
    volume_after, year_after = known[at]
    volume_before, year_before = known[max(at - 1, 0)]
    if volume_after == volume_before:
        return year_after
    share = (volume - volume_before) / (volume_after - volume_before)
    return round(year_before + share * (year_after - year_before))


def belies(reporter: str, volume: int, year: int) -> int | None:
    """About when a volume was published, where a case of that year can't stand in it; else None."""
    published = year_of_volume(reporter, volume)
    if published is None:
        return None
    slack = _OLD_SLACK if published < _OLD else _SLACK
    return None if abs(published - year) <= slack else published
