"""Pictures of the web, fetched where a user asks for it."""

import httpx

from connectors.pictures import PictureError, too_large

TIMEOUT_S = 30.0


def fetch_web_picture(address: str, most_bytes: int) -> bytes:
    """The bytes at an address of the web; whether they are a picture, `kind_of` tells.

    No key or cookie is sent along.

    Raises:
        PictureError: nobody answers, it is refused, or it is larger.
    """
    held = bytearray()
    try:
        with httpx.stream("GET", address, timeout=TIMEOUT_S, follow_redirects=True) as response:
            if not response.is_success:
                raise PictureError(f"can't be fetched from the web ({response.status_code})")
            for part in response.iter_bytes():
                held += part
                if len(held) > most_bytes:
                    raise PictureError(too_large(len(held), most_bytes))
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PictureError(f"can't be fetched from the web ({type(error).__name__})") from error
    return bytes(held)
