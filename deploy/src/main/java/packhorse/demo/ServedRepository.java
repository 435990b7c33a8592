package packhorse.demo;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.eclipse.jgit.lib.PersonIdent;
import org.eclipse.jgit.lib.Repository;
import org.eclipse.jgit.transport.PacketLineOut;
import org.eclipse.jgit.transport.ReceiveCommand;
import org.eclipse.jgit.transport.ReceivePack;
import org.eclipse.jgit.transport.RefAdvertiser.PacketLineOutRefAdvertiser;
import org.eclipse.jgit.transport.UploadPack;

/// Serves one request on a repository with JGit's upload-pack or receive-pack, as stateless RPC
/// over smart HTTP.
///
/// JGit's timeouts are not used, because each would start a platform thread; Jetty's idle timeout
/// ends a request that stalls.
final class ServedRepository {
  private final Repository repository;
  private final String node;
  private final String path;
  private final Consumer<NodeEvent> listener;

  ServedRepository(Repository repository, String node, String path, Consumer<NodeEvent> listener) {
    this.repository = repository;
    this.node = node;
    this.path = path;
    this.listener = listener;
  }

  /// Writes the response to a GET of `info/refs`.
  ///
  /// @param protocol the parameters of the `Git-Protocol` header field, such as `version=2`
  void advertise(NodeService service, List<String> protocol, OutputStream toClient)
      throws IOException {
    var pkts = new PacketLineOut(toClient);
    var advertiser = new PacketLineOutRefAdvertiser(pkts);
    switch (service) {
      case UPLOAD_PACK -> {
        try (UploadPack uploadPack = uploadPack(protocol)) {
          uploadPack.sendAdvertisedRefs(advertiser, service.gitName());
        }
      }
      case RECEIVE_PACK -> {
        // JGit writes the service line for upload-pack only.
        pkts.writeString("# service=" + service.gitName() + "\n");
        pkts.end();
        receivePack().sendAdvertisedRefs(advertiser);
      }
    }
  }

  /// Reads the body of a POST and writes the response.
  ///
  /// @param protocol as in [#advertise]
  void exchange(
      NodeService service, List<String> protocol, InputStream fromClient, OutputStream toClient)
      throws IOException {
    switch (service) {
      case UPLOAD_PACK -> {
        try (UploadPack uploadPack = uploadPack(protocol)) {
          uploadPack.upload(fromClient, toClient, null);
        }
      }
      case RECEIVE_PACK -> receivePack().receive(fromClient, toClient, null);
    }
  }

  private UploadPack uploadPack(List<String> protocol) {
    var uploadPack = new UploadPack(repository);
    uploadPack.setBiDirectionalPipe(false);
    uploadPack.setExtraParameters(protocol);
    uploadPack.setPostUploadHook(
        statistics -> listener.accept(new NodeEvent(node, NodeEvent.Type.FETCH, path)));
    return uploadPack;
  }

  private ReceivePack receivePack() {
    var receivePack = new ReceivePack(repository);
    receivePack.setBiDirectionalPipe(false);
    receivePack.setCheckReceivedObjects(true);
    receivePack.setAllowPushOptions(true);
    receivePack.setRefLogIdent(new PersonIdent(node, node + "@demo.invalid"));
    receivePack.setPostReceiveHook((push, commands) -> reportPush(commands));
    return receivePack;
  }

  // Reports a push once, however many refs it updated, and only if at least one update succeeded.
  private void reportPush(Iterable<ReceiveCommand> commands) {
    for (ReceiveCommand command : commands) {
      if (command.getResult() != ReceiveCommand.Result.OK) continue;
      listener.accept(new NodeEvent(node, NodeEvent.Type.PUSH, path));
      return;
    }
  }
}
