namespace Chuizi.Video.Soak.Plans;

/// <summary>What happens at a request, besides the sandbox's faults.</summary>
internal enum MishapKind
{
    /// <summary>The client's time of day jumps.</summary>
    ClientLeap,

    /// <summary>The sandbox's time of day jumps.</summary>
    ServerLeap,

    /// <summary>The machine sleeps: the client's measured time jumps forward.</summary>
    Sleep,

    /// <summary>The disk fills up.</summary>
    FullDisk,

    /// <summary>Ctrl+C in this process's runspace.</summary>
    Stop,

    /// <summary>SIGKILL to the child process.</summary>
    Kill,

    /// <summary>SIGTERM to the child process.</summary>
    Terminate,

    /// <summary>SIGINT to the child process.</summary>
    Interrupt,
}
