package io.mlops.backends.http.standin;

import java.util.Map;

/** An answer of a server that says no, with MLflow's error code. */
final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final Map<String, Integer> STATUSES = Map.of(
            "INVALID_PARAMETER_VALUE", 400,
            "BAD_REQUEST", 400,
            "RESOURCE_ALREADY_EXISTS", 400,
            "RESOURCE_DOES_NOT_EXIST", 404,
            "TEMPORARILY_UNAVAILABLE", 503,
            "NOT_IMPLEMENTED", 501,
            "INVALID_STATE", 500,
            "INTERNAL_ERROR", 500);

    private final String code;

    Refusal(String code, String message) {
        super(message);
        this.code = code;
    }

    static Refusal invalid(String message) {
        return new Refusal("INVALID_PARAMETER_VALUE", message);
    }

    static Refusal missing(String parameter) {
        return invalid("Missing value for required parameter '" + parameter + "'.");
    }

    static Refusal unknown(String message) {
        return new Refusal("RESOURCE_DOES_NOT_EXIST", message);
    }

    static Refusal database(String message) {
        return new Refusal("BAD_REQUEST", "(sqlite3.IntegrityError) " + message);
    }

    static Refusal internal(String message) {
        return new Refusal("INTERNAL_ERROR", message);
    }

    String code() {
        return code;
    }

    int status() {
        return STATUSES.get(code);
    }
}
