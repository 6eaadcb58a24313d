/*
 * Receipts as messages: what is in the log, in the form that the wire has.
 */
#ifndef CARNET_SERVER_WIRE_RECEIPT_H
#define CARNET_SERVER_WIRE_RECEIPT_H

#include "carnet/v1/receipt.pb-c.h"
#include "server/archive.h"
#include "server/journal.h"

/* Of an entry whose group is just done; `checkpoint` is the group's. */
Carnet__V1__Receipt *wire_receipt_of_entry(const char *origin, const struct journal_entry *entry,
					   struct bytes checkpoint, Carnet__V1__ReceiptForm form,
					   struct arena *arena);

/* Of one that was read back. */
Carnet__V1__Receipt *wire_receipt_of_archive(const char *origin,
					     const struct archive_receipt *receipt,
					     Carnet__V1__ReceiptForm form, struct arena *arena);

#endif
