import java.util.ArrayList;
import java.util.List;
import org.opensearch.Version;
import org.opensearch.analysis.common.CommonAnalysisModulePlugin;
import org.opensearch.common.settings.Settings;
import org.opensearch.env.Environment;
import org.opensearch.http.HttpServerTransport;
import org.opensearch.index.mapper.MapperExtrasModulePlugin;
import org.opensearch.index.reindex.ReindexModulePlugin;
import org.opensearch.join.ParentJoinModulePlugin;
import org.opensearch.node.Node;
import org.opensearch.painless.PainlessModulePlugin;
import org.opensearch.plugins.PluginInfo;
import org.opensearch.script.mustache.MustacheModulePlugin;
import org.opensearch.search.aggregations.matrix.MatrixAggregationModulePlugin;
import org.opensearch.transport.Netty4ModulePlugin;

/**
 * A whole OpenSearch node with its defaults, on free ports of the loopback interface: SingleNode HOME
 * [SETTING=VALUE]... It says where it listens, and ends in order when its standard input does.
 */
public final class SingleNode extends Node {
    private SingleNode(Environment environment, List<PluginInfo> modules) {
        super(environment, modules, false);
    }

    public static void main(String[] args) throws Exception {
        Settings.Builder settings = Settings.builder()
            .put("path.home", args[0])
            .put("path.repo", args[0] + "/repositories")
            .put("node.name", "single")
            .put("discovery.type", "single-node")
            .put("network.host", "127.0.0.1")
            .put("http.port", "0")
            .put("transport.port", "0")
            .put("http.type", "netty4")
            .put("transport.type", "netty4");
        for (int i = 1; i < args.length; i++) {
            String[] pair = args[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        SingleNode node = new SingleNode(new Environment(settings.build(), null), modules());
        node.start();
        int port = node.injector().getInstance(HttpServerTransport.class).boundAddress().publishAddress().getPort();
        System.out.println("listening on http://127.0.0.1:" + port);
        while (System.in.read() >= 0) {
            // nothing is said on it
        }
        node.close();
        System.exit(0);
    }

    /** Those modules of the distribution that come as libraries. */
    private static List<PluginInfo> modules() {
        List<PluginInfo> all = new ArrayList<>();
        all.add(module("transport-netty4", Netty4ModulePlugin.class, List.of()));
        all.add(module("aggs-matrix-stats", MatrixAggregationModulePlugin.class, List.of()));
        all.add(module("lang-painless", PainlessModulePlugin.class, List.of()));
        all.add(module("lang-mustache", MustacheModulePlugin.class, List.of()));
        all.add(module("analysis-common", CommonAnalysisModulePlugin.class, List.of("lang-painless")));
        all.add(module("mapper-extras", MapperExtrasModulePlugin.class, List.of()));
        all.add(module("parent-join", ParentJoinModulePlugin.class, List.of()));
        all.add(module("reindex", ReindexModulePlugin.class, List.of()));
        return all;
    }

    private static PluginInfo module(String name, Class<?> type, List<String> extended) {
        return new PluginInfo(name, name, Version.CURRENT.toString(), Version.CURRENT, "21", type.getName(), null, extended, false);
    }
}
