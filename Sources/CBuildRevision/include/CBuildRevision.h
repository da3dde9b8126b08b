// SPDX-License-Identifier: Apache-2.0

#pragma once

/// The revision that the program was built from.
const char *_Nonnull faceserver_build_revision(void);
