"""Tells the auditors' webhook what happened, over verified TLS."""

import json
import ssl
import time
import urllib.error
import urllib.request

ATTEMPTS = 3
TIMEOUT_SECONDS = 5


class NotDelivered(Exception):
    """The webhook did not take the event; the next run tries again."""


def tls_context(ca_file=None):
    """The context every request uses: our authority, TLS 1.2 or later."""
    context = ssl.create_default_context(cafile=ca_file)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def transfer_event(transfer):
    """The event for a transfer, without the owners' names."""
    return {
        "kind": "transfer",
        "reference": transfer.reference,
        "cents": transfer.cents,
        "day": transfer.day,
    }


def is_large(transfer, threshold_cents):
    return transfer.cents >= threshold_cents


def deliver(url, event, ca_file=None, pause=time.sleep):
    """Posts one event; raises NotDelivered when every attempt failed."""
    if not url.startswith("https://"):
        raise ValueError(f"the webhook must be https: {url}")
    body = json.dumps(event, sort_keys=True).encode()
    request = urllib.request.Request(
        url, data=body, headers={"Content-Type": "application/json"}, method="POST"
    )
    last = None
    for attempt in range(ATTEMPTS):
        if attempt:
            pause(2**attempt)
        try:
            with urllib.request.urlopen(
                request, timeout=TIMEOUT_SECONDS, context=tls_context(ca_file)
            ) as response:
                return response.status
        except urllib.error.URLError as error:
            last = error
    raise NotDelivered(f"{event['kind']} {event['reference']}: {last}")
