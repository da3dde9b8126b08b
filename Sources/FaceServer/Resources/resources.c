// SPDX-License-Identifier: Apache-2.0

// A target is not without a source.
