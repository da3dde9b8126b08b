// SPDX-License-Identifier: Apache-2.0

#include "CBuildRevision.h"

const char *faceserver_build_revision(void) {
    return BUILD_REVISION;
}
