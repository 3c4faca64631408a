/**
 * Everything that goes over the network: calls with JSON in and out, uploads and downloads, with retries, deadlines,
 * credentials, and refusals as exceptions that name the way out. OkHttp stays inside.
 */
@NullMarked
package io.mlops.backends.http.wire;

import org.jspecify.annotations.NullMarked;
