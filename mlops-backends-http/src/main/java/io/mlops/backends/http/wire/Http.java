package io.mlops.backends.http.wire;

import io.mlops.api.artifact.ArtifactEntry;
import io.mlops.api.spi.ContentCopy;
import io.mlops.backends.http.config.Network;
import io.mlops.backends.http.config.Patience;
import io.mlops.backends.http.config.ProxyServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Authenticator;
import okhttp3.Call;
import okhttp3.CertificatePinner;
import okhttp3.ConnectionPool;
import okhttp3.Credentials;
import okhttp3.Dispatcher;
import okhttp3.Dns;
import okhttp3.EventListener;
import okhttp3.HttpUrl;
import okhttp3.Interceptor;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import org.jspecify.annotations.Nullable;

/**
 * Sends one request once: the only class that sees OkHttp, of which only what 4.12 has, too. What OkHttp does by itself
 * with requests that fail, redirects, compression and settings of the JVM is off. Thread-safe.
 */
final class Http implements AutoCloseable {
    private static final String RETRY_AFTER = "Retry-After";
    private static final int CONNECTIONS = 4;
    /** MLflow closes a connection after 5 s, and OkHttp looks whether one is closed only after 10. */
    private static final long KEEP_SECONDS = 4;

    private final OkHttpClient client;
    private final Network network;
    private final AtomicInteger failures;

    private Http(OkHttpClient client, Network network, AtomicInteger failures) {
        this.client = client;
        this.network = network;
        this.failures = failures;
    }

    static Http of(Network network, Patience patience, Address server, NameService names) {
        Certificates certificates = Certificates.of(network);
        AtomicInteger failures = new AtomicInteger();
        CertificatePinner.Builder pins = new CertificatePinner.Builder();
        network.pins().forEach(pin -> pins.add(server.host(), pin));
        OkHttpClient client = new OkHttpClient.Builder()
                .connectionPool(new ConnectionPool(CONNECTIONS, KEEP_SECONDS, TimeUnit.SECONDS))
                .dispatcher(new Dispatcher(noThreads()))
                .protocols(List.of(Protocol.HTTP_2, Protocol.HTTP_1_1))
                .retryOnConnectionFailure(false)
                .followRedirects(false)
                .followSslRedirects(false)
                .connectTimeout(patience.connect())
                .readTimeout(patience.silence())
                .writeTimeout(patience.silence())
                .socketFactory(new KeepAliveSockets())
                .sslSocketFactory(certificates.sockets(), certificates.trust())
                .certificatePinner(pins.build())
                .dns(dns(NameService.turning(names, failures)))
                .proxySelector(new Proxies(network))
                .proxyAuthenticator(authenticator(network))
                .eventListenerFactory(Http::listener)
                .addNetworkInterceptor(Http::withoutRetryAfter)
                .build();
        return new Http(client, network, failures);
    }

    /**
     * The same for other hosts, which no pin is meant for.
     *
     * @param publicOnly whether addresses in private networks are as good as none, but for that of a proxy
     */
    Http elsewhere(NameService names, boolean publicOnly) {
        NameService found = publicOnly ? PublicAddresses.only(names) : names;
        OkHttpClient other = client.newBuilder()
                .connectionPool(new ConnectionPool(CONNECTIONS, KEEP_SECONDS, TimeUnit.SECONDS))
                .dispatcher(new Dispatcher(noThreads()))
                .certificatePinner(CertificatePinner.DEFAULT)
                .dns(dns(host -> isProxy(host) ? names.lookup(host) : found.lookup(host)))
                .build();
        return new Http(other, network, failures);
    }

    /** The host of an address as it would be called; null if none can be. */
    static @Nullable String hostOf(String url) {
        HttpUrl parsed = HttpUrl.parse(url);
        return parsed == null ? null : parsed.host();
    }

    private boolean isProxy(String host) {
        ProxyServer https = network.httpsProxy();
        ProxyServer http = network.httpProxy();
        return (https != null && https.host().equalsIgnoreCase(host))
                || (http != null && http.host().equalsIgnoreCase(host));
    }

    /** Prepares one try; it can be cancelled from the moment it is there. */
    Try prepare(Outgoing outgoing, Trace trace) {
        Request.Builder request = new Request.Builder().url(outgoing.url()).tag(Trace.class, trace);
        outgoing.headers().forEach(request::header);
        request.method(outgoing.method(), body(outgoing, trace));
        URI url = URI.create(outgoing.url());
        ProxyServer proxy = proxyTo(network, url);
        if (proxy != null && proxy.user() != null && url.getScheme().equals("http")) {
            request.header("Proxy-Authorization", basic(proxy));
        }
        return new Try(client.newCall(request.build()), failures, trace);
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.connectionPool().evictAll();
    }

    /** One request on its way. */
    static final class Try {
        private final Call call;
        private final AtomicInteger failures;
        private final Trace trace;

        private Try(Call call, AtomicInteger failures, Trace trace) {
            this.call = call;
            this.failures = failures;
            this.trace = trace;
        }

        /** Sends it; whoever gets the reply closes it. */
        Reply send() throws IOException {
            try {
                Response response = call.execute();
                return new Reply(
                        response.code(),
                        name -> name.equals(RETRY_AFTER) ? trace.retryAfter() : response.header(name),
                        response.body().byteStream(),
                        response.body().contentLength(),
                        response::close);
            } catch (IOException e) {
                if (!trace.started()) {
                    failures.incrementAndGet();
                }
                throw e;
            }
        }

        void cancel() {
            call.cancel();
        }
    }

    private static @Nullable RequestBody body(Outgoing outgoing, Trace trace) {
        if (outgoing.payload() instanceof Outgoing.Bytes bytes) {
            return new OneShot(MediaType.get(bytes.type()), bytes.bytes().length, sink -> sink.write(bytes.bytes()));
        }
        if (outgoing.payload() instanceof Outgoing.Stream stream) {
            String type = stream.type();
            return new OneShot(
                    type == null ? null : MediaType.get(type),
                    stream.chunked() ? -1 : stream.content().bytes(),
                    sink -> trace.sent(sent(stream, sink.outputStream())));
        }
        boolean needsBody =
                !outgoing.method().equals("GET") && !outgoing.method().equals("DELETE");
        return needsBody ? new OneShot(null, 0, sink -> {}) : null;
    }

    private static ArtifactEntry sent(Outgoing.Stream stream, OutputStream sink) throws IOException {
        if (stream.chunked()) {
            return ContentCopy.copy(stream.path(), stream.content(), sink);
        }
        MeasuredStream measured = new MeasuredStream(sink, stream.content().bytes());
        ArtifactEntry entry = ContentCopy.copy(stream.path(), stream.content(), measured);
        measured.end();
        return entry;
    }

    /** Writes the body of a request. */
    private interface Writer {
        void write(BufferedSink sink) throws IOException;
    }

    /** A body that OkHttp may not send again by itself. */
    private static final class OneShot extends RequestBody {
        private final @Nullable MediaType type;
        private final long length;
        private final Writer writer;

        OneShot(@Nullable MediaType type, long length, Writer writer) {
            this.type = type;
            this.length = length;
            this.writer = writer;
        }

        @Override
        public @Nullable MediaType contentType() {
            return type;
        }

        @Override
        public long contentLength() {
            return length;
        }

        @Override
        public boolean isOneShot() {
            return true;
        }

        @Override
        public void writeTo(BufferedSink sink) throws IOException {
            writer.write(sink);
        }
    }

    private static EventListener listener(Call call) {
        Trace trace = call.request().tag(Trace.class);
        return trace == null
                ? EventListener.NONE
                : new EventListener() {
                    @Override
                    public void requestHeadersStart(Call sent) {
                        trace.start();
                    }

                    @Override
                    public void requestBodyStart(Call sent) {
                        trace.startBody();
                    }
                };
    }

    private static Response withoutRetryAfter(Interceptor.Chain chain) throws IOException {
        Response response = chain.proceed(chain.request());
        Trace trace = chain.request().tag(Trace.class);
        if (trace == null || response.header(RETRY_AFTER) == null) {
            return response;
        }
        trace.retryAfter(response.header(RETRY_AFTER));
        return response.newBuilder().removeHeader(RETRY_AFTER).build();
    }

    /** Nothing is called in the background, so that OkHttp needs no thread for it. */
    private static ThreadPoolExecutor noThreads() {
        return new ThreadPoolExecutor(0, 1, 1, TimeUnit.SECONDS, new SynchronousQueue<>());
    }

    private static Dns dns(NameService names) {
        return new Dns() {
            @Override
            public List<InetAddress> lookup(String host) throws UnknownHostException {
                return names.lookup(host);
            }
        };
    }

    private static @Nullable ProxyServer proxyTo(Network network, URI url) {
        String host = url.getHost();
        return host == null ? null : network.proxyTo(url.getScheme(), host, url.getPort());
    }

    private static Authenticator authenticator(Network network) {
        return (route, response) -> {
            ProxyServer proxy = route == null
                    ? null
                    : network.proxyTo(
                            route.address().url().scheme(),
                            route.address().url().host(),
                            route.address().url().port());
            boolean tried = response.request().header("Proxy-Authorization") != null;
            return proxy == null || proxy.user() == null || tried
                    ? null
                    : response.request()
                            .newBuilder()
                            .header("Proxy-Authorization", basic(proxy))
                            .build();
        };
    }

    private static String basic(ProxyServer proxy) {
        return Credentials.basic(
                String.valueOf(proxy.user()),
                proxy.password() == null ? "" : proxy.password().reveal(),
                StandardCharsets.UTF_8);
    }

    /** The proxies of the settings, and none of the JVM. */
    private static final class Proxies extends ProxySelector {
        private final Network network;

        Proxies(Network network) {
            this.network = network;
        }

        @Override
        public List<Proxy> select(URI url) {
            ProxyServer proxy = proxyTo(network, url);
            return List.of(
                    proxy == null
                            ? Proxy.NO_PROXY
                            : new Proxy(
                                    Proxy.Type.HTTP, InetSocketAddress.createUnresolved(proxy.host(), proxy.port())));
        }

        @Override
        public void connectFailed(URI url, SocketAddress address, IOException failure) {
            // Told by the exception of the call.
        }
    }
}
