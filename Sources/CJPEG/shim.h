// SPDX-License-Identifier: Apache-2.0
// libjpeg-turbo reports errors by a function that must not return. As in CPNG, longjmp stays among C frames, and these
// functions return a message instead.
#include <setjmp.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jpeglib.h>

struct cjpeg_buffer {
    unsigned char *bytes; // to be freed by the caller
    size_t count;
    char message[JMSG_LENGTH_MAX]; // empty when all went well
};

struct cjpeg_error {
    struct jpeg_error_mgr manager; // first, so that a pointer to it is a pointer to all
    jmp_buf jump;
    char *message;
};

struct cjpeg_output {
    struct jpeg_destination_mgr manager; // first, likewise
    struct cjpeg_buffer *buffer;
    size_t capacity;
};

static inline void cjpeg_fail(j_common_ptr common) {
    struct cjpeg_error *error = (struct cjpeg_error *)common->err;
    common->err->format_message(common, error->message);
    longjmp(error->jump, 1);
}

static inline void cjpeg_ignore_message(j_common_ptr common) {
    (void)common;
}

static inline void cjpeg_set_errors(struct cjpeg_error *error, char *message) {
    jpeg_std_error(&error->manager);
    error->manager.error_exit = cjpeg_fail;
    error->manager.output_message = cjpeg_ignore_message;
    error->message = message;
}

/// Makes room for more bytes. 0 without memory.
static inline int cjpeg_grow(struct cjpeg_output *output) {
    size_t capacity = 2 * output->capacity + (1 << 14);
    unsigned char *bytes = (unsigned char *)realloc(output->buffer->bytes, capacity);
    if (bytes == NULL) {
        return 0;
    }
    output->buffer->bytes = bytes;
    output->manager.next_output_byte = bytes + output->capacity;
    output->manager.free_in_buffer = capacity - output->capacity;
    output->capacity = capacity;
    return 1;
}

static inline void cjpeg_must_grow(j_compress_ptr jpeg) {
    if (!cjpeg_grow((struct cjpeg_output *)jpeg->dest)) {
        strcpy(((struct cjpeg_error *)jpeg->err)->message, "out of memory");
        longjmp(((struct cjpeg_error *)jpeg->err)->jump, 1);
    }
}

static inline boolean cjpeg_empty(j_compress_ptr jpeg) {
    // Called when the buffer is full, whatever `free_in_buffer` says.
    cjpeg_must_grow(jpeg);
    return TRUE;
}

static inline void cjpeg_finish(j_compress_ptr jpeg) {
    struct cjpeg_output *output = (struct cjpeg_output *)jpeg->dest;
    output->buffer->count = output->capacity - output->manager.free_in_buffer;
}

/// Writes an 8-bit RGB image as baseline JPEG with Huffman tables of its own. The slow integer transform has the same
/// result on every processor.
/// `buffer` is zero at first; on failure its message is set.
static inline void cjpeg_write_rgb8(struct cjpeg_buffer *buffer, const unsigned char *pixels, unsigned width,
                                    unsigned height, int quality, int subsamples_colour) {
    struct jpeg_compress_struct jpeg;
    struct cjpeg_error error;
    struct cjpeg_output output;
    memset(&jpeg, 0, sizeof jpeg);
    memset(&output, 0, sizeof output);
    cjpeg_set_errors(&error, buffer->message);
    jpeg.err = &error.manager;
    output.buffer = buffer;
    output.manager.init_destination = cjpeg_must_grow;
    output.manager.empty_output_buffer = cjpeg_empty;
    output.manager.term_destination = cjpeg_finish;
    if (setjmp(error.jump) == 0) {
        jpeg_create_compress(&jpeg);
        jpeg.dest = &output.manager;
        jpeg.image_width = width;
        jpeg.image_height = height;
        jpeg.input_components = 3;
        jpeg.in_color_space = JCS_RGB;
        jpeg_set_defaults(&jpeg);
        jpeg_set_quality(&jpeg, quality, TRUE);
        jpeg.dct_method = JDCT_ISLOW;
        jpeg.optimize_coding = TRUE;
        jpeg.comp_info[0].h_samp_factor = jpeg.comp_info[0].v_samp_factor = subsamples_colour ? 2 : 1;
        jpeg_start_compress(&jpeg, TRUE);
        while (jpeg.next_scanline < height) {
            JSAMPROW row = (JSAMPROW)(pixels + (size_t)jpeg.next_scanline * width * 3);
            jpeg_write_scanlines(&jpeg, &row, 1);
        }
        jpeg_finish_compress(&jpeg);
    }
    jpeg_destroy_compress(&jpeg);
}

/// Reads a JPEG as 8-bit RGB; for tests.
/// `buffer` is zero at first; on failure its message is set.
static inline void cjpeg_read_rgb8(struct cjpeg_buffer *buffer, const unsigned char *bytes, size_t count, unsigned *width,
                                   unsigned *height) {
    struct jpeg_decompress_struct jpeg;
    struct cjpeg_error error;
    memset(&jpeg, 0, sizeof jpeg);
    cjpeg_set_errors(&error, buffer->message);
    jpeg.err = &error.manager;
    if (setjmp(error.jump) == 0) {
        jpeg_create_decompress(&jpeg);
        jpeg_mem_src(&jpeg, bytes, count);
        jpeg_read_header(&jpeg, TRUE);
        jpeg.out_color_space = JCS_RGB;
        jpeg_start_decompress(&jpeg);
        *width = jpeg.output_width;
        *height = jpeg.output_height;
        buffer->count = (size_t)jpeg.output_width * jpeg.output_height * 3;
        buffer->bytes = (unsigned char *)malloc(buffer->count);
        while (buffer->bytes != NULL && jpeg.output_scanline < jpeg.output_height) {
            JSAMPROW row = buffer->bytes + (size_t)jpeg.output_scanline * jpeg.output_width * 3;
            jpeg_read_scanlines(&jpeg, &row, 1);
        }
        jpeg_finish_decompress(&jpeg);
    }
    jpeg_destroy_decompress(&jpeg);
}
