"""Bitcoin addresses, which have a checksum: Base58Check, and bech32 and bech32m (BIP 173, 350)."""

import hashlib
import re
from collections.abc import Iterator

from sync.intake.redaction.recognisers.recogniser import Recogniser, Scored

_BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_BECH32 = "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
_OLD = re.compile(rf"[13][{_BASE58}]{{25,34}}(?![A-Za-z0-9])", re.ASCII)
_NEW = re.compile(rf"bc1[{_BECH32}]{{11,71}}(?![a-z0-9])", re.ASCII | re.IGNORECASE)
_GENERATOR = (0x3B6A57B2, 0x26508E6D, 0x1EA119FA, 0x3D4233DD, 0x2A1462B3)
_CHECKS = (1, 0x2BC830A3)  # bech32, bech32m
_BYTES = 25  # version, hash, checksum


class CryptoRecogniser(Recogniser):
    """Addresses whose checksum is right."""

    ENTITY = "CRYPTO"

    def scored(self, text: str) -> Iterator[Scored]:
        """See `Recogniser`."""
        for match in _OLD.finditer(text):
            if _is_base58_check(match[0]):
                yield *match.span(), 1.0
        for match in _NEW.finditer(text):
            if match[0] in (match[0].lower(), match[0].upper()) and _is_bech32(match[0].lower()):
                yield *match.span(), 1.0


def _is_base58_check(address: str) -> bool:
    number = 0
    for letter in address:
        number = number * 58 + _BASE58.index(letter)
    if number.bit_length() > 8 * _BYTES:
        return False
    *body, _, _, _, _ = whole = number.to_bytes(_BYTES, "big")
    check = hashlib.sha256(hashlib.sha256(bytes(body)).digest()).digest()
    return check[:4] == whole[-4:]


def _is_bech32(address: str) -> bool:
    values = [ord(c) >> 5 for c in "bc"] + [0] + [ord(c) & 31 for c in "bc"]
    values += [_BECH32.index(letter) for letter in address.removeprefix("bc1")]
    check = 1
    for value in values:
        top = check >> 25
        check = (check & 0x1FFFFFF) << 5 ^ value
        for bit, generator in enumerate(_GENERATOR):
            check ^= generator if top >> bit & 1 else 0
    return check in _CHECKS
