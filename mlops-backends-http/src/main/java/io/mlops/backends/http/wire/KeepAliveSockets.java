package io.mlops.backends.http.wire;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import javax.net.SocketFactory;

/** Makes sockets that ask after 30 s of silence whether the other side is still there: load balancers forget silently. */
final class KeepAliveSockets extends SocketFactory {
    private static final int IDLE_SECONDS = 30;

    @Override
    public Socket createSocket() throws IOException {
        Socket socket = new Socket();
        socket.setOption(StandardSocketOptions.SO_KEEPALIVE, true);
        for (SocketOption<?> option : socket.supportedOptions()) {
            // Not every system has it, and naming its class would need one more module.
            if (option.name().equals("TCP_KEEPIDLE") && option.type() == Integer.class) {
                set(socket, option);
            }
        }
        return socket;
    }

    @SuppressWarnings("unchecked") // the type was asked for
    private static void set(Socket socket, SocketOption<?> option) throws IOException {
        socket.setOption((SocketOption<Integer>) option, IDLE_SECONDS);
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress localHost, int localPort) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw unused();
    }

    @Override
    public Socket createSocket(InetAddress address, int port, InetAddress localAddress, int localPort) {
        throw unused();
    }

    private static UnsupportedOperationException unused() {
        return new UnsupportedOperationException("sockets are connected by whoever asked for them");
    }
}
