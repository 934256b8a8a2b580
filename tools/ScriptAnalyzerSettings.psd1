@{
    Severity     = 'Error', 'Warning'
    ExcludeRules = @(
        # The scripts are run by people and workflows, so they write to the console.
        'PSAvoidUsingWriteHost'
        # The functions of the scripts are private.
        'PSUseShouldProcessForStateChangingFunctions'
    )
}
