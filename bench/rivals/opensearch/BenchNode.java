import java.util.List;
import org.opensearch.Version;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.node.Node;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * A whole OpenSearch node with its defaults, on free ports of the loopback interface: BenchNode HOME. It
 * says where it listens, and ends in order when its standard input does.
 */
public final class BenchNode extends Node {
    private BenchNode(Environment environment, List<PluginInfo> modules) {
        super(environment, modules, false);
    }

    public static void main(String[] args) throws Exception {
        Settings settings = Settings.builder()
            .put("path.home", args[0])
            .put("node.name", "bench")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("http.type", "netty4")
            .put("transport.type", "netty4")
            .build();
        PluginInfo netty = new PluginInfo("transport-netty4", "the module that speaks HTTP", Version.CURRENT.toString(),
            Version.CURRENT, "21", Netty4ModulePlugin.class.getName(), null, List.of(), false);
        BenchNode node = new BenchNode(new Environment(settings, null), List.of(netty));
        node.start();
        int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
        System.out.println("listening on http://127.0.0.1:" + port);
        while (System.in.read() >= 0) {
            // nothing is said on it
        }
        node.close();
        System.exit(0);
    }
}
