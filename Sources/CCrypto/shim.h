#ifndef COUNTERSIGN_CCRYPTO_SHIM_H
#define COUNTERSIGN_CCRYPTO_SHIM_H

#include <openssl/evp.h>
#include <openssl/sha.h>

#endif
