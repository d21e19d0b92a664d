/*
 * The files of the standard in data/standard/ as they were when the program was built, read and
 * packed (base/tree.h). A file with other bytes has another hash, and is read as any file is.
 */
#pragma once

#include "evidence/record.h"

struct compiled_document {
	uint8_t hash[RECORD_HASH_BYTES]; /* of the file's bytes */
	const unsigned char *tree;
};

extern const struct compiled_document compiled_documents[];
extern const size_t compiled_document_count;
