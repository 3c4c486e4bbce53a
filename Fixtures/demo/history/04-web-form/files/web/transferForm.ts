// What the transfer form knows without asking the service.

import type { Transfer } from "./api";

export interface FormFields {
  reference: string;
  source: string;
  target: string;
  amount: string;
}

export interface FormError {
  field: keyof FormFields;
  message: string;
}

const ACCOUNT = /^[A-Z]{2}-[0-9]{4,12}$/;
const AMOUNT = /^-?[0-9]+(\.[0-9]{1,2})?$/;

/** Cents of "12", "12.5" or "12.50"; null for anything else. */
export function parseCents(text: string): number | null {
  if (!AMOUNT.test(text)) return null;
  const [units, fraction = ""] = text.replace("-", "").split(".");
  const cents = Number(units) * 100 + Number(fraction.padEnd(2, "0"));
  if (!Number.isSafeInteger(cents)) return null;
  return text.startsWith("-") ? -cents : cents;
}

/** Everything that is wrong with the fields, in the order of the form. */
export function validate(fields: FormFields): FormError[] {
  const errors: FormError[] = [];
  if (fields.reference.trim() === "") {
    errors.push({ field: "reference", message: "A transfer needs a reference." });
  }
  for (const field of ["source", "target"] as const) {
    if (!ACCOUNT.test(fields[field])) {
      errors.push({ field, message: "This is not an account number." });
    }
  }
  if (fields.source === fields.target) {
    errors.push({ field: "target", message: "Source and target are the same account." });
  }
  if (parseCents(fields.amount) === null) {
    errors.push({ field: "amount", message: "Write the amount as 12.50." });
  }
  return errors;
}

/** The transfer to post; call it only when `validate` found nothing. */
export function toTransfer(fields: FormFields, day: string): Transfer {
  const cents = parseCents(fields.amount);
  if (cents === null) throw new Error("toTransfer was called with an invalid amount");
  return {
    reference: fields.reference.trim(),
    source: fields.source,
    target: fields.target,
    cents,
    day,
  };
}
