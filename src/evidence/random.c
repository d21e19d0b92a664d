#include "evidence/random.h"

#include <sodium.h>

void random_secret(void *into, size_t length)
{
	randombytes_buf(into, length);
}
