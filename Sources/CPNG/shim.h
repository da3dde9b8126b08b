// SPDX-License-Identifier: Apache-2.0
// libpng writes all of a PNG but the compression of the rows, which GANKit spreads over several threads.
//
// libpng reports errors by longjmp, which must not cross Swift frames. This function keeps setjmp and longjmp among C
// frames and returns a message instead.
#include <png.h>
#include <setjmp.h>
#include <stdlib.h>
#include <string.h>

struct cpng_output {
    unsigned char *bytes; // to be freed by the caller
    size_t count;
    size_t capacity;
    char message[128]; // empty when all went well
};

static inline void cpng_fail(png_structp png, png_const_charp message) {
    struct cpng_output *output = (struct cpng_output *)png_get_error_ptr(png);
    strncpy(output->message, message, sizeof(output->message) - 1);
    png_longjmp(png, 1);
}

static inline void cpng_ignore_warning(png_structp png, png_const_charp message) {
    (void)png;
    (void)message;
}

static inline void cpng_append(png_structp png, png_bytep data, size_t length) {
    struct cpng_output *output = (struct cpng_output *)png_get_io_ptr(png);
    if (output->capacity - output->count < length) {
        size_t capacity = 2 * (output->capacity + length);
        unsigned char *bytes = (unsigned char *)realloc(output->bytes, capacity);
        if (bytes == NULL) {
            png_error(png, "out of memory");
        }
        output->bytes = bytes;
        output->capacity = capacity;
    }
    memcpy(output->bytes + output->count, data, length);
    output->count += length;
}

static inline void cpng_flush(png_structp png) {
    (void)png;
}

/// Writes an 8-bit RGB image as PNG whose filtered and compressed rows, a zlib stream, are given.
/// `output` is zero at first; on failure its message is set.
static inline void cpng_write_rgb8(struct cpng_output *output, unsigned width, unsigned height, const unsigned char *stream,
                                   size_t stream_count, png_text *texts, int text_count) {
    png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, output, cpng_fail, cpng_ignore_warning);
    png_infop info = png == NULL ? NULL : png_create_info_struct(png);
    if (info == NULL) {
        png_destroy_write_struct(&png, NULL);
        strcpy(output->message, "libpng could not be initialised");
        return;
    }
    if (setjmp(png_jmpbuf(png)) == 0) {
        png_set_write_fn(png, output, cpng_append, cpng_flush);
        png_set_IHDR(png, info, width, height, 8, PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
                     PNG_FILTER_TYPE_DEFAULT);
        png_set_sRGB(png, info, PNG_sRGB_INTENT_PERCEPTUAL);
        png_set_text(png, info, texts, text_count);
        png_write_info(png, info);
        png_write_chunk(png, (png_const_bytep) "IDAT", stream, stream_count);
        png_write_chunk(png, (png_const_bytep) "IEND", NULL, 0);
    }
    png_destroy_write_struct(&png, &info);
}

/// Reads the head of a PNG: returns 0 and sets the message on failure. Call cpng_read_rgb8 with the same image, or
/// png_image_free.
static inline int cpng_begin(png_image *image, const unsigned char *bytes, size_t count) {
    memset(image, 0, sizeof(*image));
    image->version = PNG_IMAGE_VERSION;
    return png_image_begin_read_from_memory(image, bytes, count);
}

/// Reads the pixels, 3 * width * height bytes, and frees what the image holds.
static inline int cpng_read_rgb8(png_image *image, unsigned char *pixels) {
    image->format = PNG_FORMAT_RGB;
    return png_image_finish_read(image, NULL, pixels, 0, NULL);
}
