from django.http import Http404


def account(request, *args, **kwargs):
    raise Http404


