package io.mlops.backends.http.config;

import static java.util.Objects.requireNonNull;

import io.mlops.api.common.CheckReturnValue;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * How a server is reached. Nothing is read from the environment but by {@link #fromEnvironment}. Immutable; each method
 * returns a changed copy.
 */
@CheckReturnValue
public final class HttpSettings {
    /** The most points that a request may hold beside the tag that counts them. */
    private static final int MOST_POINTS = 999;

    private static final String PROGRAM = "set by the program";

    private final Credentials credentials;
    private final Map<String, Secret> headers;
    private final Network network;
    private final Patience patience;
    private final Places places;
    private final Limits limits;
    /** Where each value that is not the default came from, by its name in {@link #explainConfiguration}. */
    private final Map<String, String> sources;

    /** What this server needs otherwise than others. */
    private record Limits(int pointsPerRequest, String modelsExperiment) {}

    private HttpSettings(
            Credentials credentials,
            Map<String, Secret> headers,
            Network network,
            Patience patience,
            Places places,
            Limits limits,
            Map<String, String> sources) {
        this.credentials = credentials;
        this.headers = headers;
        this.network = network;
        this.patience = patience;
        this.places = places;
        this.limits = limits;
        this.sources = sources;
    }

    /** Settings that suit a server on this machine, or one that asks for nothing. */
    public static HttpSettings standard() {
        return new HttpSettings(
                new Credentials.None(),
                Map.of(),
                Network.standard(),
                Patience.standard(),
                Places.none(),
                new Limits(MOST_POINTS, "mlops.models"),
                Map.of());
    }

    /**
     * What MLflow's own variables, its file of credentials, and HTTPS_PROXY, HTTP_PROXY and NO_PROXY say.
     *
     * @throws IllegalArgumentException if one asks for what is not done here, such as not to check certificates
     */
    public static HttpSettings fromEnvironment() {
        return fromEnvironment(System.getenv());
    }

    /**
     * The same of these variables instead of those of the process.
     *
     * @throws IllegalArgumentException if one asks for what is not done here, such as not to check certificates
     */
    public static HttpSettings fromEnvironment(Map<String, String> variables) {
        return EnvironmentSettings.read(variables, Path.of(System.getProperty("user.home", ".")));
    }

    /** A copy that sends this token. */
    public HttpSettings token(String token) {
        return credentials(new Credentials.Token(Secret.of(HeaderText.checked("the token", token))), PROGRAM);
    }

    /** A copy that sends tokens that somebody hands out: a new one when the server refuses the last, or it is a minute old. */
    public HttpSettings token(Supplier<String> tokens) {
        return credentials(new Credentials.SuppliedToken(tokens), PROGRAM);
    }

    /** A copy that sends the token in a file, which is read again when it changes. */
    public HttpSettings tokenFile(Path file) {
        return credentials(new Credentials.TokenFile(file), PROGRAM);
    }

    /** A copy that sends a user and a password. */
    public HttpSettings basic(String user, String password) {
        return credentials(new Credentials.Basic(user, Secret.of(password)), PROGRAM);
    }

    /** A copy that signs each request. */
    public HttpSettings sign(RequestSigner signer) {
        return credentials(new Credentials.Signed(signer), PROGRAM);
    }

    /**
     * A copy that sends one more header to the server. Its value is never shown.
     *
     * @throws IllegalArgumentException if no header may be called or hold that, or it is one that the connection needs
     */
    public HttpSettings header(String name, String value) {
        HeaderText.checkName(name);
        return header(name, Secret.of(HeaderText.checked("the header " + name, value)), PROGRAM);
    }

    /** A copy that works in one workspace of the server. */
    public HttpSettings workspace(String name) {
        return header("X-MLFLOW-WORKSPACE", name);
    }

    /** A copy that reaches servers through a proxy, such as {@code http://user:password@proxy.example.com:3128}. */
    public HttpSettings proxy(String address) {
        ProxyServer proxy = ProxyServer.parse(address);
        return network(network.proxies(proxy, proxy, network.withoutProxy()), "proxy", PROGRAM);
    }

    /** A copy that reaches a host without a proxy; {@code .example.com} stands for all hosts there. */
    public HttpSettings withoutProxy(String host) {
        return network(
                network.proxies(network.httpsProxy(), network.httpProxy(), with(network.withoutProxy(), host)),
                "withoutProxy",
                PROGRAM);
    }

    /** A copy that also trusts the certificates in a PEM file. */
    public HttpSettings trust(Path certificates) {
        return trust(requireNonNull(certificates, "certificates"), PROGRAM);
    }

    /** A copy that shows the server a certificate: a PEM file with it, its chain and its key (PKCS #8, not encrypted). */
    public HttpSettings clientCertificate(Path certificateAndKey) {
        return clientCertificate(requireNonNull(certificateAndKey, "certificateAndKey"), PROGRAM);
    }

    /** A copy that only speaks with a server one of whose certificates has this public key, such as {@code sha256/…=}. */
    public HttpSettings pin(String pin) {
        return network(
                network.certificates(network.trusted(), network.clientCertificate(), with(network.pins(), pin)),
                "pins",
                PROGRAM);
    }

    /** A copy that may use plain http to other machines, where everybody on the way can read and change what is sent. */
    public HttpSettings allowPlainHttp() {
        return network(network.withPlainHttp(), "plainHttp", PROGRAM);
    }

    /** A copy that may follow signed addresses into private networks and to this machine, as to a MinIO beside it. */
    public HttpSettings allowPrivateAddresses() {
        return places(new Places(places.hosts(), places.folders(), true));
    }

    /**
     * A copy that may read and write artifacts on another server, given as host or host:port. What says who asks is for the
     * server alone: this one gets neither credentials nor headers.
     */
    public HttpSettings allowHost(String host) {
        return places(places.host(host));
    }

    /** A copy that may read and write artifacts below a folder, if a server that shares it with us says so. */
    public HttpSettings allowFolder(Path folder) {
        return places(places.folder(folder));
    }

    /** A copy that says nothing of who asks, for other servers than the one that it was made for. */
    public HttpSettings withoutCredentials() {
        return new HttpSettings(
                new Credentials.None(),
                Map.of(),
                network,
                patience,
                places,
                limits,
                from("credentials", "not for this server"));
    }

    /** A copy with other waits. */
    public HttpSettings patience(Patience longest) {
        return patience(longest, PROGRAM);
    }

    /** A copy that sends fewer points at once, as some hosted servers demand. */
    public HttpSettings pointsPerRequest(int most) {
        if (most < 1 || most > MOST_POINTS) {
            throw new IllegalArgumentException("pointsPerRequest must be from 1 to " + MOST_POINTS + ", not " + most);
        }
        return limits(new Limits(most, limits.modelsExperiment()), "pointsPerRequest");
    }

    /** A copy that keeps the files of versions without a run in another experiment than {@code mlops.models}. */
    public HttpSettings modelsExperiment(String name) {
        return limits(new Limits(limits.pointsPerRequest(), requireNonNull(name, "name")), "modelsExperiment");
    }

    /** Who asks. */
    public Credentials credentials() {
        return credentials;
    }

    /** Headers that each request to the server carries, by name. */
    public Map<String, Secret> headers() {
        return headers;
    }

    /** The way to the server. */
    public Network network() {
        return network;
    }

    /** How long calls wait. */
    public Patience patience() {
        return patience;
    }

    /** The places besides the server that may be used. */
    public Places places() {
        return places;
    }

    /** The most points of one request. */
    public int pointsPerRequest() {
        return limits.pointsPerRequest();
    }

    /** The name of the experiment for the files of versions without a run. */
    public String modelsExperiment() {
        return limits.modelsExperiment();
    }

    /** Each value with where it came from, one a line. Secrets are masked. */
    public String explainConfiguration() {
        Map<String, Object> values = new TreeMap<>();
        values.put("credentials", credentials.shown());
        values.put("httpsProxy", shown(network.httpsProxy()));
        values.put("httpProxy", shown(network.httpProxy()));
        values.put("withoutProxy", network.withoutProxy());
        values.put("trusted", shown(network.trusted()));
        values.put("clientCertificate", shown(network.clientCertificate()));
        values.put("pins", network.pins());
        values.put("plainHttp", network.plainHttp());
        values.put("patience", patience);
        values.put("places", places);
        values.put("pointsPerRequest", limits.pointsPerRequest());
        values.put("modelsExperiment", limits.modelsExperiment());
        headers.forEach((name, value) -> values.put("header " + name, value));
        StringBuilder text = new StringBuilder();
        values.forEach((name, value) -> text.append(name)
                .append(" = ")
                .append(value)
                .append(" (")
                .append(sources.getOrDefault(name, "default"))
                .append(")\n"));
        return text.toString();
    }

    private static Object shown(@Nullable Object value) {
        return value == null ? "none" : value;
    }

    HttpSettings credentials(Credentials others, String source) {
        return new HttpSettings(others, headers, network, patience, places, limits, from("credentials", source));
    }

    HttpSettings header(String name, Secret value, String source) {
        Map<String, Secret> more = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        more.putAll(headers);
        more.put(name, value);
        return new HttpSettings(
                credentials,
                Collections.unmodifiableMap(more),
                network,
                patience,
                places,
                limits,
                from("header " + name, source));
    }

    HttpSettings network(Network other, String what, String source) {
        HttpSettings changed =
                new HttpSettings(credentials, headers, other, patience, places, limits, from(what, source));
        return what.equals("proxy")
                ? changed.network(other, "httpsProxy", source).network(other, "httpProxy", source)
                : changed;
    }

    HttpSettings trust(Path certificates, String source) {
        return network(
                network.certificates(certificates, network.clientCertificate(), network.pins()), "trusted", source);
    }

    HttpSettings clientCertificate(Path certificateAndKey, String source) {
        return network(
                network.certificates(network.trusted(), certificateAndKey, network.pins()),
                "clientCertificate",
                source);
    }

    HttpSettings patience(Patience longest, String source) {
        requireNonNull(longest, "longest");
        return new HttpSettings(credentials, headers, network, longest, places, limits, from("patience", source));
    }

    private HttpSettings places(Places others) {
        return new HttpSettings(credentials, headers, network, patience, others, limits, from("places", PROGRAM));
    }

    private HttpSettings limits(Limits others, String what) {
        return new HttpSettings(credentials, headers, network, patience, places, others, from(what, PROGRAM));
    }

    private Map<String, String> from(String what, String source) {
        Map<String, String> more = new TreeMap<>(sources);
        more.put(what, source);
        return Collections.unmodifiableMap(more);
    }

    private static Set<String> with(Set<String> texts, String more) {
        Set<String> all = new TreeSet<>(texts);
        all.add(
                more.toLowerCase(Locale.ROOT).equals(more) || more.startsWith("sha256/")
                        ? more
                        : more.toLowerCase(Locale.ROOT));
        return all;
    }

    /** Nothing but where to look, since programs log their settings. */
    @Override
    public String toString() {
        return "HttpSettings (see explainConfiguration)";
    }
}
