package io.mlops.backends.http.standin;

import java.io.IOException;

/** An MLflow server that tests talk to. */
public interface TestServer {
    /** The address that programs are given, such as {@code http://127.0.0.1:5000}. */
    String address();

    /** Removes all that the server has, experiment 0 included. */
    void empty() throws IOException;
}
