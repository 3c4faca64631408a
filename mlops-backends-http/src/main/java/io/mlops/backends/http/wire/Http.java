package io.mlops.backends.http.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.common.BackendUnavailableException;
import io.mlops.api.common.ConflictException;
import io.mlops.api.common.MlopsException;
import io.mlops.api.common.NotFoundException;
import io.mlops.api.common.RefusedException;
import io.mlops.api.spi.ContentCopy;
import java.io.ByteArrayOutputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/** The only class that sees OkHttp. Thread-safe. */
final class Http implements AutoCloseable {
    private static final JsonFactory JSON = new JsonFactory();

    private final HttpUrl base;
    private final OkHttpClient client;

    private Http(HttpUrl base) {
        this.base = base;
        this.client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(4, 4, TimeUnit.SECONDS))
                .followRedirects(false)
                .retryOnConnectionFailure(false)
                .callTimeout(Duration.ofMinutes(2))
                .readTimeout(Duration.ofSeconds(60))
                .build();
    }

    static Http to(String address) {
        HttpUrl url = HttpUrl.parse(address);
        if (url == null) {
            throw new IllegalArgumentException("'" + address + "' is no address of a server");
        }
        return new Http(url);
    }

    String name() {
        return base.newBuilder().username("").password("").build().toString();
    }

    <T> Answer<T> send(Call call, AnswerReader<T> reader) throws IOException {
        try (Response response = client.newCall(request(call, jsonOf(call))).execute()) {
            if (!response.isSuccessful()) {
                return refused(call, response);
            }
            try (JsonParser in = JSON.createParser(response.body().byteStream())) {
                in.nextToken();
                return new Answer.Value<>(reader.read(in));
            }
        }
    }

    Answer<Upload.Done> upload(Upload upload) throws IOException {
        AtomicReference<@Nullable ArtifactEntry> sent = new AtomicReference<>();
        RequestBody body = new RequestBody() {
            @Override
            public @Nullable MediaType contentType() {
                return MediaType.get("application/octet-stream");
            }

            @Override
            public boolean isOneShot() {
                return true;
            }

            @Override
            public void writeTo(BufferedSink sink) throws IOException {
                sent.set(ContentCopy.copy(upload.path(), upload.content(), sink.outputStream()));
            }
        };
        try (Response response = client.newCall(request(upload.call(), body)).execute()) {
            ArtifactEntry entry = sent.get();
            return response.isSuccessful() && entry != null
                    ? new Answer.Value<>(new Upload.Done(entry, response.header("ETag")))
                    : refused(upload.call(), response);
        }
    }

    Answer<Download> download(Call call, long from, @Nullable String etag) throws IOException {
        Request request = request(call, null);
        if (from > 0) {
            Request.Builder ranged = request.newBuilder().header("Range", "bytes=" + from + "-");
            request = etag == null
                    ? ranged.build()
                    : ranged.header("If-Range", etag).build();
        }
        Response response = client.newCall(request).execute();
        if (!response.isSuccessful()) {
            try (response) {
                return refused(call, response);
            }
        }
        return new Answer.Value<>(new Download(
                new FilterInputStream(response.body().byteStream()) {},
                response.code() == 206 ? from : 0,
                response.body().contentLength(),
                response.header("ETag")));
    }

    private Request request(Call call, @Nullable RequestBody body) {
        HttpUrl.Builder url = base.newBuilder().username("").password("").addPathSegments(call.endpoint());
        call.segments().forEach(url::addPathSegment);
        call.query().forEach(parameter -> url.addQueryParameter(parameter.name(), parameter.value()));
        boolean needsBody =
                body == null && !call.method().equals("GET") && !call.method().equals("DELETE");
        return new Request.Builder()
                .url(url.build())
                .method(call.method(), needsBody ? RequestBody.create(new byte[0], null) : body)
                .build();
    }

    private static @Nullable RequestBody jsonOf(Call call) throws IOException {
        JsonBody body = call.body();
        if (body == null) {
            return null;
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator out = JSON.createGenerator(bytes)) {
            body.writeTo(out);
        }
        return RequestBody.create(bytes.toByteArray(), MediaType.get("application/json"));
    }

    private <T> Answer.Refused<T> refused(Call call, Response response) throws IOException {
        String text = response.peekBody(1 << 16).string();
        String[] codeAndMessage = {"", text.substring(0, Math.min(200, text.length()))};
        if (text.startsWith("{")) {
            try (JsonParser in = JSON.createParser(text)) {
                while (in.nextToken() != null) {
                    if (in.currentToken() == JsonToken.VALUE_STRING && "error_code".equals(in.currentName())) {
                        codeAndMessage[0] = in.getText();
                    } else if (in.currentToken() == JsonToken.VALUE_STRING && "message".equals(in.currentName())) {
                        codeAndMessage[1] = in.getText();
                    }
                }
            }
        }
        return new Answer.Refused<>(
                response.code(),
                codeAndMessage[0],
                codeAndMessage[1],
                exception(call, response.code(), codeAndMessage[0], codeAndMessage[1]));
    }

    private MlopsException exception(Call call, int status, String code, String message) {
        String text = name() + " answered " + call + " with " + status + " " + code + ": " + message;
        return switch (code) {
            case "RESOURCE_DOES_NOT_EXIST", "NOT_FOUND" -> new NotFoundException(text);
            case "RESOURCE_ALREADY_EXISTS", "ALREADY_EXISTS", "RESOURCE_CONFLICT", "ABORTED" ->
                new ConflictException(text);
            default ->
                status >= 500 ? new BackendUnavailableException(text, true, null) : new RefusedException(text, null);
        };
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
    }
}
