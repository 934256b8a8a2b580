namespace Chuizi.Video.Client.Budget;

/// <summary>A place in a queue for tickets. Its continuations run asynchronously, so that they do not hold the budget's lock.</summary>
internal sealed class TicketWaiter : TaskCompletionSource<RequestTicket>
{
    private CancellationTokenRegistration _cancellation;

    public TicketWaiter()
        : base(TaskCreationOptions.RunContinuationsAsynchronously) => Place = new LinkedListNode<TicketWaiter>(this);

    public LinkedListNode<TicketWaiter> Place { get; }

    /// <summary>Completes the wait with a ticket.</summary>
    public void Come(RequestTicket ticket)
    {
        SetResult(ticket);
        _cancellation.Unregister();
    }

    /// <summary>Unregisters the cancellation once the ticket has arrived.</summary>
    public void Watch(CancellationTokenRegistration cancellation)
    {
        _cancellation = cancellation;
        if (Task.IsCompleted)
        {
            cancellation.Unregister();
        }
    }
}
