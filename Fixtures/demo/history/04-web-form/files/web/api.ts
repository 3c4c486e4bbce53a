// The client of the ledger service: one function per route, errors as values.

export interface Session {
  /** "clerk", "auditor" or "guest", as the sign-in service says. */
  role: string;
  token: string;
}

export interface Transfer {
  reference: string;
  source: string;
  target: string;
  cents: number;
  day: string;
}

export type Answer<T> = { ok: true; value: T } | { ok: false; reason: string };

const BASE = "/api/v1";

async function call<T>(session: Session, path: string, init: RequestInit = {}): Promise<Answer<T>> {
  const headers = new Headers(init.headers);
  headers.set("Authorization", `Bearer ${session.token}`);
  const response = await fetch(BASE + path, { ...init, headers });
  if (!response.ok) {
    return { ok: false, reason: `${response.status}: ${await response.text()}` };
  }
  return { ok: true, value: (await response.json()) as T };
}

/** The transfers of one account, newest first. */
export async function listTransfers(session: Session, account: string): Promise<Answer<Transfer[]>> {
  return call<Transfer[]>(session, `/accounts/${encodeURIComponent(account)}/transfers`);
}

/** Posts a transfer; the reference makes a repeated post harmless. */
export async function postTransfer(session: Session, transfer: Transfer): Promise<Answer<Transfer>> {
  return call<Transfer>(session, "/transfers", {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(transfer),
  });
}
