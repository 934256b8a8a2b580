namespace Chuizi.Video.Client.Budget;

/// <summary>
/// A request that waits for a ticket, and its place in the queue. Its continuations run asynchronously, so that they do not hold the
/// budget's lock.
/// </summary>
internal sealed class TicketWaiter : TaskCompletionSource<RequestTicket>
{
    private CancellationTokenRegistration _cancellation;

    public TicketWaiter()
        : base(TaskCreationOptions.RunContinuationsAsynchronously) => Place = new LinkedListNode<TicketWaiter>(this);

    public LinkedListNode<TicketWaiter> Place { get; }

    /// <summary>Completes the wait with a ticket.</summary>
    public void Complete(RequestTicket ticket)
    {
        SetResult(ticket);
        _cancellation.Unregister();
    }

    /// <summary>Keeps the registration of the cancellation until the ticket has arrived.</summary>
    public void Attach(CancellationTokenRegistration cancellation)
    {
        _cancellation = cancellation;
        if (Task.IsCompleted)
        {
            cancellation.Unregister();
        }
    }
}
