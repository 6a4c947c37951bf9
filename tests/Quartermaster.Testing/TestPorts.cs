using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Quartermaster.Testing;

/// <summary>Ports of the loopback for servers that must know their address before they listen.</summary>
public static class TestPorts
{
    // Below the ports that systems give to outgoing calls (from 32768 on Linux): between our look and the server's bind no call of a neighbour can take it.
    private const int First = 15_000;
    private const int Behind = 32_000;

    private static readonly ConcurrentDictionary<int, bool> Given = [];

    /// <summary>A port that nobody listens on; no other caller in this process gets it.</summary>
    public static int Free()
    {
        while (true)
        {
            var port = Random.Shared.Next(First, Behind);
            if (Given.TryAdd(port, true) && IsFree(port)) return port;
        }
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Loopback, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
