// SPDX-License-Identifier: Apache-2.0

#include "FaceServerResources.h"

// Of C23, and in Clang since its version 19.
#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char index_html[] = {
#embed "Page/index.html"
};
static const unsigned char page_css[] = {
#embed "Page/page.css"
};
static const unsigned char icon_svg[] = {
#embed "Page/icon.svg"
};
static const unsigned char address_js[] = {
#embed "Page/address.js"
};
static const unsigned char controls_js[] = {
#embed "Page/controls.js"
};
static const unsigned char dom_js[] = {
#embed "Page/dom.js"
};
static const unsigned char explorer_js[] = {
#embed "Page/explorer.js"
};
static const unsigned char face_view_js[] = {
#embed "Page/face-view.js"
};
static const unsigned char live_picture_js[] = {
#embed "Page/live-picture.js"
};
static const unsigned char mix_view_js[] = {
#embed "Page/mix-view.js"
};
static const unsigned char morph_view_js[] = {
#embed "Page/morph-view.js"
};
static const unsigned char picture_panel_js[] = {
#embed "Page/picture-panel.js"
};
static const unsigned char pictures_js[] = {
#embed "Page/pictures.js"
};
static const unsigned char server_js[] = {
#embed "Page/server.js"
};
static const unsigned char share_js[] = {
#embed "Page/share.js"
};
static const unsigned char status_strip_js[] = {
#embed "Page/status-strip.js"
};
static const unsigned char wall_js[] = {
#embed "Page/wall.js"
};

static const struct page_file files[] = {
    {"index.html", index_html, sizeof index_html},
    {"page.css", page_css, sizeof page_css},
    {"icon.svg", icon_svg, sizeof icon_svg},
    {"address.js", address_js, sizeof address_js},
    {"controls.js", controls_js, sizeof controls_js},
    {"dom.js", dom_js, sizeof dom_js},
    {"explorer.js", explorer_js, sizeof explorer_js},
    {"face-view.js", face_view_js, sizeof face_view_js},
    {"live-picture.js", live_picture_js, sizeof live_picture_js},
    {"mix-view.js", mix_view_js, sizeof mix_view_js},
    {"morph-view.js", morph_view_js, sizeof morph_view_js},
    {"picture-panel.js", picture_panel_js, sizeof picture_panel_js},
    {"pictures.js", pictures_js, sizeof pictures_js},
    {"server.js", server_js, sizeof server_js},
    {"share.js", share_js, sizeof share_js},
    {"status-strip.js", status_strip_js, sizeof status_strip_js},
    {"wall.js", wall_js, sizeof wall_js},
};

const struct page_file *page_files(void) { return files; }

size_t page_file_count(void) { return sizeof files / sizeof files[0]; }
