// SPDX-License-Identifier: Apache-2.0

#ifndef FACE_SERVER_RESOURCES_H
#define FACE_SERVER_RESOURCES_H

#include <stddef.h>

/// A file of the page, which is part of the program.
struct page_file {
    /// Such as "page.css".
    const char *name;
    const unsigned char *bytes;
    size_t count;
};

/// The frame that the page is rendered into comes first.
const struct page_file *page_files(void);
size_t page_file_count(void);

#endif
